package dev.autoloss.local.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Hands on to the trainer's command of the same name. */
@Command(name = "predict", description = "Finds objects in images and draws them.")
final class PredictCommand implements Callable<Integer> {
  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    var all = new ArrayList<>(List.of("predict"));
    all.addAll(arguments);
    return TrainerProgram.run(all, Map.of());
  }
}
