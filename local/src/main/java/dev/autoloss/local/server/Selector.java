package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which objects a list or a watch is about: label and field selectors as the API writes them. */
final class Selector {
  private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
  private static final Pattern EQUALITY = Pattern.compile("([^\\s!=]+)\\s*(==|!=|=)\\s*(\\S*)");
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*([^\\s!=(),]+)");
  private static final Set<String> COMMON_FIELDS = Set.of("metadata.name", "metadata.namespace");

  private Selector() {}

  /**
   * Both selectors of a request.
   *
   * @throws StatusError 400 when one can't be read or selects by a field that the type does not
   *     offer
   */
  static Predicate<JsonNode> of(ResourceType type, String labelSelector, String fieldSelector) {
    return labels(labelSelector).and(fields(type, fieldSelector));
  }

  private static Predicate<JsonNode> labels(String selector) {
    Predicate<JsonNode> all = object -> true;
    for (String requirement : split(selector)) {
      Predicate<JsonNode> one = requirement(requirement);
      all = all.and(object -> one.test(object.path("metadata").path("labels")));
    }
    return all;
  }

  /** Splits at commas outside parentheses. */
  private static List<String> split(String selector) {
    List<String> parts = new ArrayList<>();
    for (String part : selector.split(",(?![^(]*\\))", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      } else if (!selector.isBlank()) {
        throw StatusError.badRequest(
            "unable to parse requirement: found an empty one in \"" + selector + "\"");
      }
    }
    return parts;
  }

  private static Predicate<JsonNode> requirement(String text) {
    Matcher set = SET.matcher(text);
    if (set.matches()) {
      Set<String> values = Set.copyOf(List.of(set.group(3).strip().split("\\s*,\\s*", -1)));
      boolean in = set.group(2).equals("in");
      String key = set.group(1);
      return labels -> (labels.has(key) && values.contains(labels.path(key).asText())) == in;
    }
    Matcher equality = EQUALITY.matcher(text);
    if (equality.matches()) {
      String key = equality.group(1);
      boolean equal = !equality.group(2).equals("!=");
      String value = equality.group(3);
      return labels -> (labels.has(key) && labels.path(key).asText().equals(value)) == equal;
    }
    Matcher exists = EXISTS.matcher(text);
    if (exists.matches()) {
      boolean present = exists.group(1).isEmpty();
      String key = exists.group(2);
      return labels -> labels.has(key) == present;
    }
    throw StatusError.badRequest("unable to parse requirement: \"" + text + "\"");
  }

  private static Predicate<JsonNode> fields(ResourceType type, String selector) {
    Predicate<JsonNode> all = object -> true;
    for (String term : split(selector)) {
      Matcher matcher = EQUALITY.matcher(term);
      if (!matcher.matches()) {
        throw StatusError.badRequest("invalid field selector: \"" + term + "\"");
      }
      String field = matcher.group(1);
      if (!COMMON_FIELDS.contains(field) && !type.fieldSelectors().contains(field)) {
        throw StatusError.badRequest("field label not supported: " + field);
      }
      boolean equal = !matcher.group(2).equals("!=");
      String value = matcher.group(3);
      all = all.and(object -> text(object, field).equals(value) == equal);
    }
    return all;
  }

  private static String text(JsonNode object, String field) {
    JsonNode node = object;
    for (String step : field.split("\\.", -1)) {
      node = node.path(step);
    }
    // The one selectable field that is called otherwise in the document.
    return field.equals("status.successful")
        ? object.path("status").path("succeeded").asText("0")
        : node.asText("");
  }
}
