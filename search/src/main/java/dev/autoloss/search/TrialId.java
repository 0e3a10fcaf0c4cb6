package dev.autoloss.search;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a trial: {@code g1-c3-s} for the simulation, else {@code <candidate>-<stage's
 * letter><replicate>}, for example {@code g1-c3-p0}.
 *
 * @param candidate what is trained
 * @param stage for what
 * @param replicate which of its trainings in the stage, from 0; always 0 in the simulation
 */
public record TrialId(CandidateId candidate, Stage stage, int replicate)
    implements Comparable<TrialId> {
  private static final Pattern FORM = Pattern.compile("(.*)-(?:(s)|([pft])(0|[1-9]\\d{0,6}))");

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is negative, or not 0 in the simulation
   */
  public TrialId {
    if (replicate < 0 || (stage == Stage.SIMULATION && replicate != 0)) {
      throw new IllegalArgumentException("replicate " + replicate + " of " + candidate);
    }
  }

  /**
   * The tiny run of a candidate.
   *
   * @param candidate which
   * @return the id
   */
  public static TrialId simulation(CandidateId candidate) {
    return new TrialId(candidate, Stage.SIMULATION, 0);
  }

  /**
   * A proxy training of a candidate.
   *
   * @param candidate which
   * @param replicate which of its trainings, from 0
   * @return the id
   * @throws IllegalArgumentException if the replicate is negative
   */
  public static TrialId proxy(CandidateId candidate, int replicate) {
    return new TrialId(candidate, Stage.PROXY, replicate);
  }

  /**
   * Reads a name.
   *
   * @param text for example {@code g1-c3-p0}
   * @return the id
   * @throws IllegalArgumentException if the text has another form
   */
  public static TrialId parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected g<generation>-c<slot>-s or g<generation>-c<slot>-<p, f or t><replicate>, found "
              + text);
    }
    CandidateId candidate = CandidateId.parse(matcher.group(1));
    String replicate = matcher.group(4);
    return replicate == null
        ? simulation(candidate)
        : new TrialId(
            candidate,
            Stage.of(matcher.group(3).charAt(0)).orElseThrow(),
            Integer.parseInt(replicate));
  }

  @Override
  public int compareTo(TrialId other) {
    int order = candidate.compareTo(other.candidate);
    if (order == 0) {
      order = stage.compareTo(other.stage);
    }
    return order != 0 ? order : Integer.compare(replicate, other.replicate);
  }

  @Override
  public String toString() {
    return candidate + "-" + stage.letter() + (stage == Stage.SIMULATION ? "" : replicate);
  }
}
