package dev.autoloss.local.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Hands on to the trainer's command of the same name. */
@Command(name = "data", description = "Makes data sets: data shapes --out DIR.")
final class DataCommand implements Callable<Integer> {
  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    var all = new ArrayList<>(List.of("data"));
    all.addAll(arguments);
    return TrainerProgram.run(all, Map.of());
  }
}
