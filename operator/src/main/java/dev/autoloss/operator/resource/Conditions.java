package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A resource's conditions in a fixed order; the transition time moves only when a status does. */
public final class Conditions {
  private final List<Condition> before;
  private final List<Condition> now = new ArrayList<>();
  private final long generation;
  private final String time;

  /**
   * Starts from what the status holds.
   *
   * @param before conditions of the current status; null or empty if it has none
   * @param generation generation of the spec that is judged
   * @param time time of this reconciliation
   */
  public Conditions(@Nullable List<Condition> before, @Nullable Long generation, Instant time) {
    this.before = before == null ? List.of() : List.copyOf(before);
    this.generation = generation == null ? 0 : generation;
    this.time = rfc3339(time);
  }

  /**
   * States a condition.
   *
   * @param type its name
   * @param holds True or False
   * @param reason why, as one word of an enum
   * @param message why, for a person; may be empty
   * @return this
   */
  public Conditions set(String type, boolean holds, Enum<?> reason, String message) {
    String status = holds ? "True" : "False";
    String since =
        find(before, type)
            .filter(old -> status.equals(old.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElse(time);
    now.add(
        new ConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(camelCase(reason))
            .withMessage(message)
            .withObservedGeneration(generation)
            .withLastTransitionTime(since)
            .build());
    return this;
  }

  /**
   * States a condition as it was.
   *
   * @param condition a condition of the current status
   * @return this
   */
  public Conditions keep(Condition condition) {
    now.add(condition);
    return this;
  }

  /**
   * The conditions that were stated.
   *
   * @return in the order of the calls
   */
  public List<Condition> list() {
    return List.copyOf(now);
  }

  /**
   * Finds a condition by its type.
   *
   * @param conditions conditions of a status; null if it has none
   * @param type name of the condition
   * @return the condition; empty if it is not there
   */
  public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(condition -> type.equals(condition.getType())).findFirst();
  }

  /**
   * The word of a reason in the API.
   *
   * @param reason a constant such as {@code NAME_CONFLICT}
   * @return for example {@code NameConflict}
   */
  public static String camelCase(Enum<?> reason) {
    var word = new StringBuilder();
    for (String part : reason.name().split("_", -1)) {
      word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
    }
    return word.toString();
  }

  /**
   * A time as the API writes it.
   *
   * @param time any time
   * @return for example {@code 2026-01-31T12:00:00Z}
   */
  public static String rfc3339(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * Reads a time of the API.
   *
   * @param rfc3339 a time as the API writes it; null if it is not there
   * @return the time; empty if it is not there or is none
   */
  public static Optional<Instant> time(@Nullable String rfc3339) {
    if (rfc3339 == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(rfc3339).toInstant());
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }
}
