package dev.autoloss.e2e.scale;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Requests that the API server has answered, as its own metrics count them. */
record ApiCount(TreeMap<String, Long> requests) {
  private static final Pattern LINE = Pattern.compile("apiserver_request_total\\{(.*)\\} (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "APPLY", "DELETE");
  private static final Set<String> OURS =
      Set.of("losssearches", "detectortrainings", "controllerrevisions");

  static ApiCount of(KubernetesClient client) {
    var requests = new TreeMap<String, Long>();
    var line = LINE.matcher(client.raw("/metrics"));
    while (line.find()) {
      var labels = new TreeMap<String, String>();
      var label = LABEL.matcher(line.group(1));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
      String key = labels.get("verb") + " " + labels.get("resource") + " " + labels.get("group");
      requests.merge(key, (long) Double.parseDouble(line.group(2)), Long::sum);
    }
    return new ApiCount(requests);
  }

  ApiCount since(ApiCount before) {
    var difference = new TreeMap<String, Long>();
    requests.forEach(
        (key, count) -> {
          long more = count - before.requests.getOrDefault(key, 0L);
          if (more > 0) {
            difference.put(key, more);
          }
        });
    return new ApiCount(difference);
  }

  void add(ApiCount more) {
    more.requests.forEach((key, count) -> requests.merge(key, count, Long::sum));
  }

  private long sum(java.util.function.Predicate<String[]> which) {
    return requests.entrySet().stream()
        .filter(entry -> which.test(entry.getKey().split(" ", -1)))
        .mapToLong(java.util.Map.Entry::getValue)
        .sum();
  }

  /** Writes of the operator: nobody else writes its kinds, creates Jobs or deletes them. */
  long operatorWrites() {
    return sum(
        key ->
            (WRITES.contains(key[0]) && OURS.contains(key[1]))
                || (Set.of("POST", "DELETE").contains(key[0]) && "jobs".equals(key[1])));
  }

  /** Single objects that the operator reads; the searches are looked at by the benchmark, too. */
  long operatorReads() {
    return sum(key -> "GET".equals(key[0]) && Set.of("detectortrainings", "jobs").contains(key[1]));
  }

  /** Events of the old kind: the operator's and the Job controller's. */
  long events() {
    return sum(key -> "POST".equals(key[0]) && "events".equals(key[1]) && key[2].isEmpty());
  }

  @Override
  public String toString() {
    return requests.toString();
  }
}
