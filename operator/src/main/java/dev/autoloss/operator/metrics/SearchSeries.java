package dev.autoloss.operator.metrics;

import dev.autoloss.api.AcceleratorSeconds;
import dev.autoloss.api.SearchPhase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/**
 * Series of single searches, labelled with namespace and name, of at most so many searches: the
 * first ones; one that has ended makes room for one that has not.
 */
final class SearchSeries {
  private static final String DEVICE = "Device time of a search, as its status tells it";

  private final MeterRegistry registry;
  private final int most;
  private final Map<String, Shown> shown = new LinkedHashMap<>();

  private record Shown(AtomicReference<SeenSearch> latest, List<Meter> meters) {}

  SearchSeries(MeterRegistry registry, int most) {
    this.registry = registry;
    this.most = most;
  }

  synchronized void show(SeenSearch search) {
    Shown known = shown.get(search.key());
    if (known != null) {
      known.latest().set(search);
    } else if (shown.size() < most || (!search.ended() && makeRoom())) {
      var latest = new AtomicReference<>(search);
      shown.put(search.key(), new Shown(latest, gauges(search, latest)));
    }
  }

  private boolean makeRoom() {
    Optional<String> ended =
        shown.entrySet().stream()
            .filter(entry -> entry.getValue().latest().get().ended())
            .map(Map.Entry::getKey)
            .findFirst();
    ended.ifPresent(this::remove);
    return ended.isPresent();
  }

  /** Forgets a search, but not another one of its name. */
  synchronized void forget(String key, String uid) {
    Shown known = shown.get(key);
    if (known != null && known.latest().get().uid().equals(uid)) {
      remove(key);
    }
  }

  private void remove(String key) {
    Shown gone = shown.remove(key);
    if (gone != null) {
      gone.meters().forEach(registry::remove);
    }
  }

  synchronized int size() {
    return shown.size();
  }

  private List<Meter> gauges(SeenSearch search, AtomicReference<SeenSearch> latest) {
    var metadata = search.search().getMetadata();
    Tags tags = Tags.of("namespace", metadata.getNamespace(), "search", metadata.getName());
    var meters = new ArrayList<Meter>();
    var one = new One(latest, tags, meters);
    one.add("autoloss.best.ap", "AP of the best candidate", SeenSearch::best);
    one.add("autoloss.baseline.ap", "AP of the default pair", SeenSearch::baseline);
    one.add(
        "autoloss.search.generation",
        "Newest generation",
        seen -> seen.status().generation() == null ? 0 : seen.status().generation());
    one.add(
        "autoloss.search.planned.generations",
        "Generations that the spec asks for",
        SearchSeries::planned);
    one.add(
        "autoloss.search.progress.timestamp.seconds",
        "When the ledger of a running search last grew, or it was resumed",
        seen -> seen.progressed().orElse(Double.NaN));
    for (SearchPhase phase : SearchPhase.values()) {
      one.with("state", phase.name().toLowerCase(Locale.ROOT))
          .add("autoloss.search.state", "1 for where it stands", seen -> is(seen, phase));
    }
    TrialStates.ALL.forEach(
        (state, count) ->
            one.with("state", state)
                .add(
                    "autoloss.search.trials",
                    "Trials of a search by what became of them",
                    seen -> count.applyAsInt(seen.trials())));
    String seconds = "autoloss.search.accelerator.seconds";
    one.with("use", "useful").add(seconds, DEVICE, seen -> use(seen, AcceleratorSeconds::useful));
    one.with("use", "wasted").add(seconds, DEVICE, seen -> use(seen, AcceleratorSeconds::wasted));
    return meters;
  }

  private static double planned(SeenSearch seen) {
    var spec = seen.search().getSpec();
    return spec == null ? 0 : spec.evolution().generations();
  }

  private static double is(SeenSearch seen, SearchPhase phase) {
    return seen.phase() == phase ? 1 : 0;
  }

  private static double use(SeenSearch seen, ToDoubleFunction<AcceleratorSeconds> use) {
    var seconds = seen.status().acceleratorSeconds();
    return seconds == null ? 0 : use.applyAsDouble(seconds);
  }

  /** Gauges of one search. */
  private final class One {
    private final AtomicReference<SeenSearch> latest;
    private final Tags tags;
    private final List<Meter> meters;

    One(AtomicReference<SeenSearch> latest, Tags tags, List<Meter> meters) {
      this.latest = latest;
      this.tags = tags;
      this.meters = meters;
    }

    One with(String label, String value) {
      return new One(latest, tags.and(label, value), meters);
    }

    void add(String name, String description, ToDoubleFunction<SeenSearch> value) {
      meters.add(
          Gauge.builder(name, latest, seen -> value.applyAsDouble(seen.get()))
              .description(description)
              .tags(tags)
              .register(registry));
    }
  }
}
