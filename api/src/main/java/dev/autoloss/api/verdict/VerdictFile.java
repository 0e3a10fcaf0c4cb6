package dev.autoloss.api.verdict;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of a search with all that it stands on.
 *
 * @param format always {@value #FORMAT}
 * @param autoloss version of the program that wrote it
 * @param search name of the search
 * @param seed its seed
 * @param ledger digest of its ledger's head; absent if it is not known
 * @param image trainer image with its digest; absent on one machine
 * @param device what was trained on; absent if it is not known
 * @param heldOut whether the scores are of images that nothing was chosen by
 * @param level chance of confirming a loss that is no better, between 0 and .5
 * @param finalists the best losses of the search
 * @param controls what they have to beat
 * @param verdict what the scores prove
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "format",
  "autoloss",
  "search",
  "seed",
  "ledger",
  "image",
  "device",
  "heldOut",
  "level",
  "verdict",
  "finalists",
  "controls"
})
public record VerdictFile(
    String format,
    String autoloss,
    String search,
    long seed,
    @Nullable String ledger,
    @Nullable String image,
    @Nullable String device,
    boolean heldOut,
    double level,
    List<VerdictArm> finalists,
    List<VerdictArm> controls,
    VerdictResult verdict) {
  /** The format that this version reads and writes. */
  public static final String FORMAT = "autoloss.dev/verdict-v1";

  /** Copies the lists. */
  public VerdictFile {
    finalists = List.copyOf(finalists);
    controls = List.copyOf(controls);
  }
}
