package dev.autoloss.trainer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Lets two programs work in turns and compares their times.
 *
 * <p>Arguments: rounds, steps a round, images a step, then name and command line (split at blanks)
 * of the first and the second. Each program reads a number of steps from a line of stdin, does
 * them, and answers with the milliseconds that each took, on the clock and of all processors.
 */
final class Rounds {
  private static final int WARM_UP = 3;
  private static final double MILLIS = 1e3;

  private Rounds() {}

  /** A program that works on request. */
  private record Worker(String name, Process process, BufferedReader answers, OutputStream requests)
      implements AutoCloseable {
    static Worker start(String name, String command) throws IOException {
      Process process =
          new ProcessBuilder(command.split(" "))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Worker(
          name,
          process,
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
          process.getOutputStream());
    }

    /** Milliseconds of the median step, on the clock and of the processors. */
    double[] run(int steps) throws IOException {
      requests.write((steps + "\n").getBytes(StandardCharsets.UTF_8));
      requests.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException(name + " ended");
      }
      List<String> times = List.of(answer.split(" "));
      return IntStream.range(0, 2)
          .mapToDouble(
              part ->
                  median(
                      times.stream()
                          .mapToDouble(time -> Double.parseDouble(time.split("/", -1)[part]))
                          .toArray()))
          .toArray();
    }

    @Override
    public void close() throws IOException {
      requests.close();
      process.destroy();
    }
  }

  public static void main(String[] arguments) throws IOException {
    int rounds = Integer.parseInt(arguments[0]);
    int steps = Integer.parseInt(arguments[1]);
    int images = Integer.parseInt(arguments[2]);
    try (Worker first = Worker.start(arguments[3], arguments[4]);
        Worker second = Worker.start(arguments[5], arguments[6])) {
      first.run(WARM_UP);
      second.run(WARM_UP);
      List<double[][]> times = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        // Who comes first changes, so that neither always has the cooler machine.
        double[][] pair = new double[2][];
        for (int turn = 0; turn < 2; turn++) {
          int who = (round + turn) % 2;
          pair[who] = (who == 0 ? first : second).run(steps);
        }
        times.add(pair);
        System.out.printf(
            Locale.ROOT,
            "round %d: %s %.0f ms (%.0f of processors), %s %.0f ms (%.0f), ratio %.3f (%.3f)%n",
            round + 1,
            first.name(),
            pair[0][0],
            pair[0][1],
            second.name(),
            pair[1][0],
            pair[1][1],
            pair[1][0] / pair[0][0],
            pair[1][1] / pair[0][1]);
      }
      for (Worker worker : List.of(first, second)) {
        int who = worker.equals(first) ? 0 : 1;
        double[] wall = times.stream().mapToDouble(pair -> pair[who][0]).sorted().toArray();
        System.out.printf(
            Locale.ROOT,
            "%-12s ms a step %s; images a second %.3f%n",
            worker.name(),
            spread("%.0f", wall),
            images * MILLIS / median(wall));
      }
      for (int part = 0; part < 2; part++) {
        int of = part;
        System.out.printf(
            Locale.ROOT,
            "%s: %s takes %s times as much as %s%n",
            part == 0 ? "time" : "time of processors",
            second.name(),
            spread(
                "%.3f",
                times.stream().mapToDouble(pair -> pair[1][of] / pair[0][of]).sorted().toArray()),
            first.name());
      }
    }
  }

  /** Median, least and most. */
  private static String spread(String format, double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%s (%s to %s)".replace("%s", format),
        median(sorted),
        sorted[0],
        sorted[sorted.length - 1]);
  }

  private static double median(double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    return IntStream.of((sorted.length - 1) / 2, sorted.length / 2)
        .mapToDouble(i -> sorted[i])
        .average()
        .orElseThrow();
  }
}
