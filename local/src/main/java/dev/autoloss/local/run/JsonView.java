package dev.autoloss.local.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A JSON object a line for each event, the last with {@code "event": "end"}. */
final class JsonView implements View {
  private final PrintStream out;
  private final PrintStream notes;
  private final ObjectMapper mapper = new ObjectMapper();

  JsonView(PrintStream out, PrintStream notes) {
    this.out = out;
    this.notes = notes;
  }

  @Override
  public void note(String line) {
    notes.println(line);
    notes.flush();
  }

  @Override
  public void show(Snapshot now, List<RunEvent> events, Duration elapsed) {
    for (RunEvent event : events) {
      ObjectNode json = mapper.createObjectNode();
      json.put("event", event.getClass().getSimpleName().toLowerCase(Locale.ROOT));
      json.put("seconds", elapsed.toMillis() / 1000.0);
      fill(json, event);
      print(json);
    }
  }

  private void fill(ObjectNode json, RunEvent event) {
    switch (event) {
      case RunEvent.Resumed(int generation, long ended) ->
          json.put("generation", generation).put("ended", ended);
      case RunEvent.Proposed(int generation, int generations, var funnel) -> {
        json.put("generation", generation).put("generations", generations);
        json.set("funnel", mapper.valueToTree(funnel));
      }
      case RunEvent.Started(String trial, var training) -> {
        json.put("trial", trial).put("training", training.getMetadata().getName());
        var spec = training.getSpec();
        json.set("loss", mapper.valueToTree(spec == null ? null : spec.loss()));
      }
      case RunEvent.AttemptFailed failed ->
          json.put("trial", failed.trial())
              .put("attempt", failed.attempt())
              .put("end", failed.end())
              .put("message", failed.message());
      case RunEvent.Ended ended -> {
        json.put("trial", ended.trial());
        json.set("outcome", mapper.valueToTree(ended.outcome()));
        json.set("metrics", mapper.valueToTree(ended.status().metrics()));
        json.put("message", ended.status().message());
        ended.baseline().ifPresent(ap -> json.put("baselineAP", ap));
      }
      case RunEvent.Sealed(int generation, var best) -> {
        json.put("generation", generation);
        json.set("best", mapper.valueToTree(best.orElse(null)));
      }
    }
  }

  @Override
  public void end(Snapshot last, List<String> places) {
    ObjectNode json = mapper.createObjectNode();
    json.put("event", "end");
    last.status()
        .ifPresent(
            status -> {
              json.set("best", mapper.valueToTree(status.best()));
              json.set("baseline", mapper.valueToTree(status.baseline()));
              json.set("controls", mapper.valueToTree(status.controls()));
              json.set("finals", mapper.valueToTree(status.finals()));
              json.set("verdict", mapper.valueToTree(status.verdict()));
              json.set("trials", mapper.valueToTree(status.trials()));
            });
    if (last.search().isEmpty()) {
      last.trainings().stream()
          .findFirst()
          .flatMap(Snapshot::status)
          .ifPresent(status -> json.set("metrics", mapper.valueToTree(status.metrics())));
    }
    json.set("places", mapper.valueToTree(places));
    print(json);
  }

  private void print(ObjectNode json) {
    try {
      out.println(mapper.writeValueAsString(json));
      out.flush();
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
