package dev.autoloss.operator.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes a page that is HTML for browsers and well-formed XML for programs: all text and attributes
 * are escaped, and what is opened is closed.
 */
final class Markup {
  /** Stands for characters that XML can't hold. */
  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder page = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Opens an element; attributes are names and values by turns. */
  Markup open(String tag, String... attributes) {
    start(tag, attributes).append('>');
    open.push(tag);
    return this;
  }

  /** Closes the innermost element. */
  Markup close() {
    page.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element that holds nothing: a picture's shape, or one of the few that HTML leaves empty. */
  Markup leaf(String tag, String... attributes) {
    start(tag, attributes).append("/>");
    return this;
  }

  /** An element that holds a text. */
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /** Markup of our own making, which is trusted to be well-formed. */
  Markup trusted(String markup) {
    page.append(markup);
    return this;
  }

  private StringBuilder start(String tag, String... attributes) {
    page.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      page.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      page.append('"');
    }
    return page;
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '<' -> page.append("&lt;");
                case '>' -> page.append("&gt;");
                case '&' -> page.append("&amp;");
                case '"' -> page.append("&quot;");
                case '\'' -> page.append("&#39;");
                default -> page.appendCodePoint(allowed(point) ? point : REPLACEMENT);
              }
            });
  }

  private static boolean allowed(int point) {
    return point == '\t'
        || point == '\n'
        || (point >= 0x20 && point < 0x7F)
        || (point >= 0xA0 && point < Character.MIN_SURROGATE)
        || (point > Character.MAX_SURROGATE && point < REPLACEMENT + 1)
        || Character.isSupplementaryCodePoint(point);
  }

  /** The page; everything must be closed. */
  String page() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return page.toString();
  }
}
