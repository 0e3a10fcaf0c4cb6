package dev.autoloss.operator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How the operator runs.
 *
 * @param trainerImage image of trainers whose training names none
 * @param namespaces namespaces that are watched; empty for all
 * @param httpPort port of /metrics, /healthz and /readyz; 0 for any free one; empty for none
 * @param progressInterval time between two readings of one trainer's log
 * @param leaseNamespace namespace of the lease by which one of several operators leads; empty for
 *     no election
 * @param leaseDuration how long a leader that is silent is waited for
 * @param stuckAfter how long one reconciliation may take before the operator is called unhealthy
 * @param searchSeries searches that have series of their own in /metrics, at most
 * @param jobsPerSecond Jobs that may be created a second; 0 for no limit
 * @param keepsTrainings whether trainings of past generations stay whatever the policy of their
 *     search, so that reports can be made from them
 * @param clock the time
 */
public record OperatorOptions(
    String trainerImage,
    Set<String> namespaces,
    OptionalInt httpPort,
    Duration progressInterval,
    Optional<String> leaseNamespace,
    Duration leaseDuration,
    Duration stuckAfter,
    int searchSeries,
    int jobsPerSecond,
    boolean keepsTrainings,
    InstantSource clock) {
  private static final String PREFIX = "AUTOLOSS_";
  private static final int HIGHEST_PORT = 65535;
  private static final int LONGEST_INTERVAL = 86_400;
  private static final int LEASE_SECONDS = 15;
  private static final int STUCK_SECONDS = 600;
  private static final int SEARCH_SERIES = 50;
  private static final int MOST_SEARCH_SERIES = 1000;
  private static final int MOST_JOBS = 1000;

  /** Names of the options as environment variables; as arguments {@code --trainer-image=…}. */
  private static final List<String> KNOWN =
      List.of(
          "TRAINER_IMAGE",
          "NAMESPACES",
          "HTTP_PORT",
          "PROGRESS_SECONDS",
          "LEASE_NAMESPACE",
          "LEASE_SECONDS",
          "STUCK_SECONDS",
          "SEARCH_SERIES",
          "JOBS_PER_SECOND");

  /**
   * Copies the set.
   *
   * @param trainerImage image of trainers
   * @param namespaces namespaces that are watched
   * @param httpPort port of the endpoints
   * @param progressInterval time between two readings
   * @param leaseNamespace namespace of the lease
   * @param leaseDuration how long a silent leader is waited for
   * @param stuckAfter how long one reconciliation may take
   * @param searchSeries searches with series of their own
   * @param jobsPerSecond Jobs that may be created a second
   * @param keepsTrainings whether trainings of past generations stay
   * @param clock the time
   */
  public OperatorOptions {
    namespaces = Set.copyOf(namespaces);
  }

  /**
   * Options of an operator inside another program: no endpoints, no election, progress every
   * second, no limit of Jobs, and all trainings stay.
   *
   * @param trainerImage image of trainers
   * @param namespace the only namespace that is watched
   * @return options with the system's clock
   */
  public static OperatorOptions embedded(String trainerImage, String namespace) {
    return new OperatorOptions(
        trainerImage,
        Set.of(namespace),
        OptionalInt.empty(),
        Duration.ofSeconds(1),
        Optional.empty(),
        Duration.ofSeconds(LEASE_SECONDS),
        Duration.ofSeconds(STUCK_SECONDS),
        SEARCH_SERIES,
        0,
        true,
        InstantSource.system());
  }

  /**
   * Reads environment and arguments; an argument wins.
   *
   * @param environment {@code AUTOLOSS_TRAINER_IMAGE} (must be given), {@code AUTOLOSS_NAMESPACES}
   *     (comma-separated, default all), {@code AUTOLOSS_HTTP_PORT} (default 8080), {@code
   *     AUTOLOSS_PROGRESS_SECONDS} (default 60), {@code AUTOLOSS_LEASE_NAMESPACE} (default: no
   *     election), {@code AUTOLOSS_LEASE_SECONDS} (default 15), {@code AUTOLOSS_STUCK_SECONDS}
   *     (default 600), {@code AUTOLOSS_SEARCH_SERIES} (default 50), {@code
   *     AUTOLOSS_JOBS_PER_SECOND} (default 20, 0 for no limit)
   * @param arguments the same as {@code --trainer-image=…} and so on
   * @return the options
   * @throws IllegalArgumentException with one line that names the option and what was expected
   */
  public static OperatorOptions parse(Map<String, String> environment, String... arguments) {
    Map<String, String> given = given(environment, arguments);
    String image = given.get("TRAINER_IMAGE");
    if (image == null) {
      throw new IllegalArgumentException(flag("TRAINER_IMAGE") + ": expected an image");
    }
    return new OperatorOptions(
        image,
        Arrays.stream(given.getOrDefault("NAMESPACES", "").split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)),
        OptionalInt.of(number(given, "HTTP_PORT", 8080, 0, HIGHEST_PORT)),
        Duration.ofSeconds(number(given, "PROGRESS_SECONDS", 60, 1, LONGEST_INTERVAL)),
        Optional.ofNullable(given.get("LEASE_NAMESPACE")),
        Duration.ofSeconds(number(given, "LEASE_SECONDS", LEASE_SECONDS, 2, 600)),
        Duration.ofSeconds(number(given, "STUCK_SECONDS", STUCK_SECONDS, 1, LONGEST_INTERVAL)),
        number(given, "SEARCH_SERIES", SEARCH_SERIES, 0, MOST_SEARCH_SERIES),
        number(given, "JOBS_PER_SECOND", 20, 0, MOST_JOBS),
        false,
        InstantSource.system());
  }

  private static Map<String, String> given(Map<String, String> environment, String... arguments) {
    var given = new TreeMap<String, String>();
    for (String key : KNOWN) {
      String value = environment.get(PREFIX + key);
      if (value != null && !value.isBlank()) {
        given.put(key, value.strip());
      }
    }
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String key =
          argument.startsWith("--") && equals > 0
              ? argument.substring(2, equals).toUpperCase(Locale.ROOT).replace('-', '_')
              : "";
      if (!KNOWN.contains(key)) {
        throw new IllegalArgumentException(
            argument
                + ": expected one of "
                + KNOWN.stream().map(OperatorOptions::flag).collect(Collectors.joining(" ")));
      }
      given.put(key, argument.substring(equals + 1));
    }
    return given;
  }

  private static int number(
      Map<String, String> given, String key, int otherwise, int least, int most) {
    String text = given.get(key);
    if (text == null) {
      return otherwise;
    }
    if (text.matches("[0-9]{1,6}")) {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        flag(key) + ": expected a number from " + least + " to " + most + ", found " + text);
  }

  private static String flag(String key) {
    return "--" + key.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
