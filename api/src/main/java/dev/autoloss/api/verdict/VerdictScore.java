package dev.autoloss.api.verdict;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.autoloss.api.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One training and what came of it.
 *
 * @param seed seed of the training; the same seed in two arms is a block
 * @param specHash hash of what was trained, with this seed
 * @param outcome scored, Diverged or Rejected
 * @param ap in 0..1; absent if not Scored, which counts as 0
 * @param dataDigest SHA-256 over annotation files and image names; absent if the training did not
 *     report it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerdictScore(
    long seed, String specHash, Outcome outcome, @Nullable Double ap, @Nullable String dataDigest) {
  /**
   * The score that is compared.
   *
   * @return AP in 0..1; 0 of a training that failed
   */
  public double counted() {
    return ap == null ? 0 : ap;
  }
}
