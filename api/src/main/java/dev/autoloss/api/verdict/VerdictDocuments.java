package dev.autoloss.api.verdict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes verdict files. */
public final class VerdictDocuments {
  private static final int MOST_BYTES = 8 << 20;
  private static final int MOST_ARMS = 1000;
  private static final int MOST_SCORES = 1000;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private VerdictDocuments() {}

  /**
   * Writes a file; a reader never sees half of it.
   *
   * @param file where
   * @param verdict what
   * @throws IOException if it can't be written
   */
  public static void write(Path file, VerdictFile verdict) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(whole, MAPPER.writeValueAsString(verdict) + "\n");
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads a file and checks its form; what it claims is not checked.
   *
   * @param file JSON, at most 8 MiB
   * @return the verdict
   * @throws DocumentException with the line of the first mistake: file, field, what was expected
   */
  public static VerdictFile read(Path file) throws DocumentException {
    String source = file.toString();
    JsonNode tree;
    try {
      tree = MAPPER.readTree(bytes(file));
    } catch (JsonProcessingException broken) {
      var place = broken.getLocation();
      String line = place == null ? "" : ":" + place.getLineNr();
      throw mistake(source + line, "expected JSON: " + first(broken.getOriginalMessage()));
    } catch (NoSuchFileException missing) {
      throw mistake(source, "expected a verdict file, there is none");
    } catch (IOException unreadable) {
      throw mistake(
          source,
          Files.isDirectory(file)
              ? "expected a verdict file, it is a folder"
              : "can't be read: " + first(String.valueOf(unreadable.getMessage())));
    }
    return read(source, tree);
  }

  private static byte[] bytes(Path file) throws IOException, DocumentException {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw mistake(file.toString(), "expected at most 8 MiB");
      }
      return bytes;
    }
  }

  private static String first(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static DocumentException mistake(String where, String message) {
    return new DocumentException(List.of(where + ": " + message));
  }

  private static VerdictFile read(String source, JsonNode tree) throws DocumentException {
    var fields = new Fields(source, "", tree);
    String format = fields.text("format");
    if (!format.equals(VerdictFile.FORMAT)) {
      throw fields.mistake("format", "expected " + VerdictFile.FORMAT + ", found " + format);
    }
    var file =
        new VerdictFile(
            format,
            fields.text("autoloss"),
            fields.text("search"),
            fields.integer("seed"),
            fields.textIfThere("ledger"),
            fields.textIfThere("image"),
            fields.textIfThere("device"),
            fields.truth("heldOut"),
            fields.number("level", 0, 0.5),
            arms(fields, "finalists"),
            arms(fields, "controls"),
            result(fields.object("verdict")));
    fields.nothingElse();
    if (!(file.level() > 0 && file.level() < 0.5)) {
      throw fields.mistake("level", "expected between 0 and 0.5, found " + file.level());
    }
    unlike(fields, file);
    return file;
  }

  private static void unlike(Fields fields, VerdictFile file) throws DocumentException {
    Set<String> names = new HashSet<>();
    var arms = new ArrayList<>(file.finalists());
    arms.addAll(file.controls());
    for (int i = 0; i < arms.size(); i++) {
      if (!names.add(arms.get(i).name())) {
        int controls = i - file.finalists().size();
        String place = controls < 0 ? "finalists[" + i : "controls[" + controls;
        throw fields.mistake(
            place + "].name", "expected each name once, found " + arms.get(i).name() + " again");
      }
    }
  }

  private static List<VerdictArm> arms(Fields fields, String name) throws DocumentException {
    var arms = new ArrayList<VerdictArm>();
    for (Fields one : fields.list(name, MOST_ARMS)) {
      String arm = one.text("name");
      if (!arm.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
        throw one.mistake("name", "expected at most 63 small letters, digits and -");
      }
      var scores = new ArrayList<VerdictScore>();
      Set<Long> seeds = new HashSet<>();
      for (Fields score : one.list("scores", MOST_SCORES)) {
        scores.add(score(score));
        if (!seeds.add(scores.getLast().seed())) {
          throw score.mistake("seed", "expected each seed once, found it again");
        }
      }
      arms.add(new VerdictArm(arm, training(one.object("training")), scores));
      one.nothingElse();
    }
    return arms;
  }

  private static DetectorTrainingSpec training(Fields fields) throws DocumentException {
    ObjectNode resource =
        MAPPER
            .createObjectNode()
            .put("apiVersion", "autoloss.dev/v1alpha1")
            .put("kind", "DetectorTraining");
    resource.putObject("metadata").put("name", "verdict");
    resource.set("spec", fields.tree());
    Document document = DocumentReader.read(fields.place(), resource.toString());
    return switch (document) {
      case Document.Training training ->
          Objects.requireNonNull(training.resource().getSpec(), "spec");
      case Document.Search _ -> throw new IllegalStateException("a search for a training");
    };
  }

  private static VerdictScore score(Fields fields) throws DocumentException {
    String named = fields.text("outcome");
    Outcome outcome =
        switch (named) {
          case "Scored" -> Outcome.SCORED;
          case "Diverged" -> Outcome.DIVERGED;
          case "Rejected" -> Outcome.REJECTED;
          default ->
              throw fields.mistake(
                  "outcome", "expected Scored, Diverged or Rejected, found " + named);
        };
    @Nullable Double ap = outcome == Outcome.SCORED ? fields.number("ap", 0, 1) : null;
    var score =
        new VerdictScore(
            fields.integer("seed"),
            fields.text("specHash"),
            outcome,
            ap,
            fields.textIfThere("dataDigest"));
    fields.nothingElse();
    return score;
  }

  private static VerdictResult result(Fields fields) throws DocumentException {
    String result = fields.text("result");
    if (!List.of("Confirmed", "NotConfirmed", "Unconfirmed").contains(result)) {
      throw fields.mistake(
          "result", "expected Confirmed, NotConfirmed or Unconfirmed, found " + result);
    }
    var read =
        new VerdictResult(
            result,
            fields.textIfThere("reason"),
            fields.has("comparison") ? comparison(fields.object("comparison")) : null);
    fields.nothingElse();
    return read;
  }

  private static VerdictComparison comparison(Fields fields) throws DocumentException {
    double most = Double.MAX_VALUE;
    var comparison =
        new VerdictComparison(
            fields.text("finalist"),
            fields.text("control"),
            Math.clamp(fields.integer("n"), 0, MOST_SCORES + 1),
            fields.number("gain", -1, 1),
            fields.number("sd", 0, 1),
            fields.number("low", -most, most),
            fields.number("high", -most, most),
            fields.number("confidence", 0, 1),
            fields.number("p", 0, 1),
            fields.has("signFlip") ? (Double) fields.number("signFlip", 0, 1) : null);
    fields.nothingElse();
    return comparison;
  }
}
