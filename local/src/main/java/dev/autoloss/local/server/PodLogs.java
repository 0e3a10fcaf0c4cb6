package dev.autoloss.local.server;

import java.util.Optional;
import java.util.OptionalInt;

/** Where the logs of pods come from: whoever runs them. */
@FunctionalInterface
public interface PodLogs {
  /**
   * The log of a pod.
   *
   * @param namespace the pod's namespace
   * @param pod the pod's name
   * @param tailLines how many of the last lines; empty for all
   * @return the text, in UTF-8; empty when there is no log of that pod, which the client sees as
   *     404
   */
  Optional<byte[]> read(String namespace, String pod, OptionalInt tailLines);
}
