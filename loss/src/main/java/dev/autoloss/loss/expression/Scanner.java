package dev.autoloss.loss.expression;

/** Goes through a text token by token; white space before a token is skipped. */
final class Scanner {
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int QUOTED_LENGTH = 20;

  private final String text;
  private int position;

  Scanner(String text) {
    this.text = text;
  }

  /** Where the next token starts; the length of the text if there is none. */
  int position() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    return position;
  }

  boolean atEnd() {
    return position() == text.length();
  }

  /** Goes over the next token if it is this character. */
  boolean accept(char wanted) {
    if (atEnd() || peek() != wanted) {
      return false;
    }
    position++;
    return true;
  }

  void expect(char wanted, String description) {
    if (!accept(wanted)) {
      throw unexpected(description);
    }
  }

  /** Whether a number comes next; a minus is a part of it if a digit or a point follows. */
  boolean startsNumber() {
    int start = position();
    int digits = peek() == '-' ? start + 1 : start;
    char first = digits < text.length() ? text.charAt(digits) : ' ';
    return isDigit(first) || first == '.';
  }

  double number() {
    int start = position();
    if (peek() == '-') {
      position++;
    }
    int digits = digits();
    if (peek() == '.') {
      position++;
      digits += digits();
    }
    if (digits == 0) {
      throw unexpected("a digit");
    }
    if (peek() == 'e' || peek() == 'E') {
      exponent();
    }
    if (position - start > MAX_NUMBER_LENGTH) {
      throw new ExpressionException(
          start, "number too long, expected at most " + MAX_NUMBER_LENGTH + " characters");
    }
    double value = Double.parseDouble(text.substring(start, position));
    if (!Double.isFinite(value)) {
      throw new ExpressionException(
          start, "number too large, expected at most " + Double.MAX_VALUE + " in magnitude");
    }
    return value;
  }

  private void exponent() {
    position++;
    if (peek() == '-' || peek() == '+') {
      position++;
    }
    if (digits() == 0) {
      throw unexpected("a digit of the exponent");
    }
  }

  private int digits() {
    int start = position;
    while (isDigit(peek())) {
      position++;
    }
    return position - start;
  }

  /** Letters and digits that start with a letter. */
  String name(String wanted) {
    int start = position();
    if (!isLetter(peek())) {
      throw unexpected(wanted);
    }
    while (isLetter(peek()) || isDigit(peek())) {
      position++;
    }
    return text.substring(start, position);
  }

  /** The next character, or a blank at the end, which no rule asks for. */
  private char peek() {
    return position < text.length() ? text.charAt(position) : ' ';
  }

  ExpressionException unexpected(String wanted) {
    String found =
        position < text.length() ? "found " + quoted(text.substring(position)) : "the text ends";
    return new ExpressionException(position, found + ", expected " + wanted);
  }

  static String quoted(String rest) {
    String start = rest.length() > QUOTED_LENGTH ? rest.substring(0, QUOTED_LENGTH) + "…" : rest;
    return "'" + start.replaceAll("[\\p{Cc}\\u2028\\u2029]", "?") + "'";
  }

  private static boolean isLetter(char character) {
    return (character >= 'A' && character <= 'Z')
        || (character >= 'a' && character <= 'z')
        || character == '_';
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }
}
