package dev.autoloss.local.job;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How Jobs run as processes.
 *
 * @param trainer command that stands for a container's entry point; the pod's arguments follow it
 * @param trials folder that holds a folder for each training
 * @param data what is mounted at {@code /data}, in the place of any volume
 * @param cores cores that trainers may use together, at least 1
 * @param parallel most processes at once; empty for as many as the cores allow
 */
public record JobOptions(
    List<String> trainer, Path trials, Optional<Path> data, int cores, OptionalInt parallel) {
  /** Copies the list. */
  public JobOptions {
    trainer = List.copyOf(trainer);
  }
}
