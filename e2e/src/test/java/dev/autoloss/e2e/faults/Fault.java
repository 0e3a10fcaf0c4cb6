package dev.autoloss.e2e.faults;

import java.util.List;
import java.util.OptionalInt;

/** What goes wrong between the operator and its API server; the defaults leave all as it is. */
public interface Fault {
  /** Nothing goes wrong. */
  Fault NONE = new Fault() {};

  /** A status code that answers a request in place of the server, which never sees it. */
  default OptionalInt refusal(Call call) {
    return OptionalInt.empty();
  }

  /** Says whether the connection is cut after the server has done a write, before its answer. */
  default boolean cutAfter(Call write, int number) {
    return false;
  }

  /** Says whether the answer to a write that the server has done is lost. */
  default boolean unanswered(Call write, int number) {
    return false;
  }

  /** The lines that a watch sends in place of one; it may wait before it returns. */
  default List<String> event(Call watch, String line) throws InterruptedException {
    return List.of(line);
  }

  /** How long a watch lasts before it is told that its version is gone; 0 for ever. */
  default long watchMillis() {
    return 0;
  }

  /** The answer to a list, from the newest and the one that was given before, if any. */
  default byte[] list(Call list, byte[] newest, byte[] before) {
    return newest;
  }
}
