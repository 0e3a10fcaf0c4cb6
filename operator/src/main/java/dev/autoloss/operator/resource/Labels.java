package dev.autoloss.operator.resource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of the labels, annotations and finalizers that the operator writes. */
public final class Labels {
  /** Label: who made the resource; its value is {@link #OPERATOR}. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Value of {@link #MANAGED_BY}, and the field manager of all writes. */
  public static final String OPERATOR = "autoloss";

  /** Label: UID of the search that a resource belongs to. */
  public static final String SEARCH_UID = "autoloss.dev/search-uid";

  /** Label: generation of the candidate. */
  public static final String GENERATION = "autoloss.dev/generation";

  /** Label: stage of the trial; {@code proxy} for a replicate of a candidate. */
  public static final String STAGE = "autoloss.dev/stage";

  /** Annotation: the trial's id, for example {@code g1-c3-p0}. */
  public static final String TRIAL = "autoloss.dev/trial";

  /**
   * Annotation of a DetectorTraining that was made side by side with others: the trial that was
   * made last before them; empty if none was.
   */
  public static final String MADE_AFTER = "autoloss.dev/made-after";

  /** Annotation: full name of the search. */
  public static final String SEARCH = "autoloss.dev/search";

  /**
   * Label: the training's name, shortened by {@link #value(String)}; annotation of the same key:
   * its full name.
   */
  public static final String TRAINING = "autoloss.dev/training";

  /** Label: number of the attempt, from 1. */
  public static final String ATTEMPT = "autoloss.dev/attempt";

  /** Annotation: hash of the spec that is trained. */
  public static final String SPEC_HASH = "autoloss.dev/spec-hash";

  /**
   * Annotation of a DetectorTraining: {@code Drain} (no new attempt starts) or {@code Stop} (and
   * running ones end); absent: not held.
   */
  public static final String HOLD = "autoloss.dev/hold";

  /** Annotation of a DetectorTraining: when its Jobs may be deleted, RFC 3339. */
  public static final String JOBS_EXPIRE = "autoloss.dev/jobs-expire";

  /** Finalizer of a search's DetectorTraining, until its result is in the ledger. */
  public static final String RESULT_FINALIZER = "autoloss.dev/result-recorded";

  private static final int LONGEST_VALUE = 63;
  private static final int DIGEST_DIGITS = 8;

  private Labels() {}

  /**
   * A label's value, or the name of a child, for a name of any length.
   *
   * @param name a resource's name
   * @return the name itself if it has at most 63 characters, else its start and a digest
   */
  public static String value(String name) {
    return shortened(name, LONGEST_VALUE);
  }

  /**
   * Shortens a name and keeps it unique.
   *
   * @param name a resource's name
   * @param longest most characters of the answer, at least 10
   * @return the name itself if it fits and has no dot, else its start and 8 digits of its SHA-256
   */
  public static String shortened(String name, int longest) {
    if (name.length() <= longest && name.indexOf('.') < 0) {
      return name;
    }
    String start = name.replace('.', '-');
    int end = Math.min(start.length(), longest - DIGEST_DIGITS - 1);
    return start.substring(0, end) + "-" + sha256(name).substring(0, DIGEST_DIGITS);
  }

  /**
   * Digests a text.
   *
   * @param text any text
   * @return 64 hexadecimal digits: SHA-256 of its UTF-8 form
   */
  public static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
