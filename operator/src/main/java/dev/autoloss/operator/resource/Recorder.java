package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Tells people what happened, as Kubernetes events. */
public interface Recorder {
  /**
   * Records that something happened to a resource; the same thing told twice is one event.
   *
   * @param resource what it happened to
   * @param notice what happened
   */
  void record(HasMetadata resource, Notice notice);

  /**
   * Something that happened.
   *
   * @param warning true if a person may have to act
   * @param reason one word, for example {@code ResultReceived}
   * @param message a sentence
   */
  record Notice(boolean warning, String reason, String message) {
    /**
     * Something that goes as it should.
     *
     * @param reason one word
     * @param message a sentence
     * @return a notice of type Normal
     */
    public static Notice normal(String reason, String message) {
      return new Notice(false, reason, message);
    }

    /**
     * Something that a person may have to act on.
     *
     * @param reason one word
     * @param message a sentence
     * @return a notice of type Warning
     */
    public static Notice warning(String reason, String message) {
      return new Notice(true, reason, message);
    }
  }
}
