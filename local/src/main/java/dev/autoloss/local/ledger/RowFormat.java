package dev.autoloss.local.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How rows are written. */
public enum RowFormat {
  /** A JSON object a line: a candidate with its trials in it. */
  JSONL {
    @Override
    public void write(List<CandidateRow> rows, Consumer<String> line)
        throws JsonProcessingException {
      for (CandidateRow row : rows) {
        line.accept(MAPPER.writeValueAsString(row));
      }
    }
  },
  /**
   * A table by RFC 4180: a line for each trial of a candidate, and one for a candidate without
   * trials, with the candidate's columns first. Lists are separated by spaces; what is absent is
   * empty.
   */
  CSV {
    @Override
    public void write(List<CandidateRow> rows, Consumer<String> line) {
      line.accept(String.join(",", CANDIDATE) + "," + String.join(",", TRIAL));
      for (CandidateRow row : rows) {
        ObjectNode candidate = MAPPER.valueToTree(row);
        JsonNode trials = candidate.path("trials");
        for (JsonNode trial : trials.isEmpty() ? List.of(MAPPER.createObjectNode()) : trials) {
          line.accept(cells(candidate, CANDIDATE) + "," + cells(trial, TRIAL));
        }
      }
    }
  };

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> CANDIDATE =
      List.of(
          "generation",
          "slot",
          "id",
          "operation",
          "control",
          "parents",
          "classification",
          "regression",
          "classificationWeight",
          "regressionWeight",
          "learningRate",
          "verdict");
  private static final List<String> TRIAL =
      List.of("stage", "replicate", "seed", "outcome", "AP", "AP50", "seconds", "failure");

  /**
   * Writes rows.
   *
   * @param rows in their order
   * @param line takes each line, without its end
   * @throws JsonProcessingException never for these rows
   */
  public abstract void write(List<CandidateRow> rows, Consumer<String> line)
      throws JsonProcessingException;

  private static String cells(JsonNode object, List<String> names) {
    var cells = new ArrayList<String>();
    for (String name : names) {
      JsonNode value = object.path(name);
      var texts = new ArrayList<String>();
      value.forEach(one -> texts.add(one.asText()));
      cells.add(quoted(value.isArray() ? String.join(" ", texts) : value.asText()));
    }
    return String.join(",", cells);
  }

  private static String quoted(String text) {
    return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? "\"" + text.replace("\"", "\"\"") + "\""
        : text;
  }
}
