package dev.autoloss.trainer.fit;

import dev.autoloss.api.Accelerator;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Precision;
import dev.autoloss.api.Progress;
import dev.autoloss.api.Schedule;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.BatchSource;
import dev.autoloss.trainer.data.Categories;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.detector.DetectorPlan;
import dev.autoloss.trainer.loss.LossException;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Placement;
import dev.autoloss.trainer.tensor.Placement.Numbers;
import dev.autoloss.trainer.weights.FinalWeights;
import dev.autoloss.trainer.weights.StartingWeights;
import dev.autoloss.trainer.weights.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.DoubleStream;

/**
 * Trains one detector from random weights or a file's and applies it. The same document and data
 * give the same parameters, bit by bit, on the same processor. For one thread.
 */
public final class DetectorFit implements AutoCloseable {
  private static final String GENERATOR = "L64X128MixRandom";

  private final DetectorTrainingSpec spec;
  private final Categories categories;
  private final int stepsPerEpoch;
  private final Replicas replicas;
  private final Parameters parameters;
  private Optional<TrainingState> state = Optional.empty();
  private DivergenceGuard guard = new DivergenceGuard();
  private int steps;

  /**
   * Builds the detector and its loss, once for each device or, on CPU, for each replica.
   *
   * @param spec what to train
   * @param categories the classes
   * @param batchesPerEpoch steps of an epoch, at least 1
   * @throws DocumentException if a loss cannot be read or belongs to another branch, or a batch
   *     cannot be divided among replicas and micro-batches
   * @throws IllegalStateException if the document asks for an accelerator and there is none
   */
  public DetectorFit(DetectorTrainingSpec spec, Categories categories, int batchesPerEpoch) {
    this.spec = spec;
    this.categories = categories;
    this.stepsPerEpoch = batchesPerEpoch;
    DetectorPlan plan = plan(spec);
    int count = replicas(spec.accelerator());
    int microBatches = Objects.requireNonNullElse(spec.schedule().accumulation(), 1);
    if (spec.schedule().batchSize() % (count * microBatches) != 0) {
      throw new DocumentException(
          "spec.schedule.batchSize: expected a multiple of %d, replicas times accumulation, found %d"
              .formatted(count * microBatches, spec.schedule().batchSize()));
    }
    this.replicas =
        new Replicas(
            count,
            microBatches,
            number ->
                new Replica(
                    placement(spec, number, count),
                    plan,
                    categories.count(),
                    RandomGeneratorFactory.of(GENERATOR).create(spec.seed())));
    this.parameters = replicas.first().parameters();
  }

  private static int replicas(Accelerator accelerator) {
    return accelerator.count() > 0
        ? accelerator.count()
        : Objects.requireNonNullElse(accelerator.replicas(), 1);
  }

  /** Replicas on CPU share the document's threads. */
  private static Placement placement(DetectorTrainingSpec spec, int number, int replicas) {
    boolean gpu = spec.accelerator().count() > 0;
    int threads = spec.accelerator().cpuThreads();
    return new Placement(
        gpu ? OptionalInt.of(number) : OptionalInt.empty(),
        gpu ? threads : Math.max(1, threads / replicas),
        switch (Objects.requireNonNullElse(spec.precision(), Precision.FLOAT_32)) {
          case FLOAT_32 -> Numbers.SINGLE;
          case BFLOAT_16 -> Numbers.BRAIN;
        });
  }

  private static DetectorPlan plan(DetectorTrainingSpec spec) {
    try {
      return DetectorPlan.of(spec);
    } catch (LossException e) {
      throw new DocumentException("spec." + e.getMessage());
    }
  }

  /**
   * Replaces the random weights, of the whole detector or of its body, before any training.
   *
   * @param weights of a file
   * @return names of those that stay random, since they depend on the number of classes
   * @throws dev.autoloss.trainer.weights.WeightsException if they are of another detector
   */
  public List<String> startFrom(StartingWeights weights) {
    return weights.fill(parameters, categories.ids(), categories.names());
  }

  /**
   * Goes on where an earlier training stood, if the file says so, and keeps it written from now on.
   *
   * @param file of this training
   * @return steps that were done already; 0 if it starts from the beginning
   * @throws dev.autoloss.trainer.weights.WeightsException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public int keepIn(TrainingState file) throws IOException {
    state = Optional.of(file);
    file.restore(parameters)
        .ifPresent(
            position -> {
              steps = Integer.parseInt(position.getOrDefault("step", "0"));
              guard = DivergenceGuard.of(position.getOrDefault("guard", guard.state()));
            });
    return steps;
  }

  private void keep() throws IOException {
    if (state.isPresent()) {
      state
          .get()
          .write(parameters, Map.of("step", Integer.toString(steps), "guard", guard.state()));
    }
  }

  /**
   * Trains for the schedule's epochs.
   *
   * @param source training batches, as many an epoch as the constructor was told
   * @param progress told at most twice a second, and at the last step
   * @param stop asked after each step; true ends the training
   * @return how it ended
   * @throws dev.autoloss.trainer.data.DataException from the source, unchanged
   * @throws IOException if the training cannot be kept; what was kept before stays
   */
  public FitEnd train(BatchSource source, Consumer<Progress> progress, BooleanSupplier stop)
      throws IOException {
    int epochs = spec.schedule().epochs();
    var meter = new ProgressMeter(progress, System::nanoTime, stepsPerEpoch, epochs, steps);
    var rate = new LearningRate(spec.schedule(), stepsPerEpoch);
    for (int epoch = steps / stepsPerEpoch; epoch < epochs; epoch++) {
      Iterator<Batch> batches = source.epoch(epoch, steps % stepsPerEpoch);
      while (batches.hasNext()) {
        Optional<String> reason = step(batches.next(), rate.at(steps), meter);
        if (reason.isPresent()) {
          return new FitEnd.Diverged(reason.get());
        }
        boolean stopped = stop.getAsBoolean();
        boolean last = steps == epochs * stepsPerEpoch;
        if (stopped || last || state.filter(file -> file.isDue(steps)).isPresent()) {
          keep();
        }
        if (stopped) {
          return new FitEnd.Stopped();
        }
      }
    }
    return new FitEnd.Trained();
  }

  private Optional<String> step(Batch batch, double rate, ProgressMeter meter) {
    double[] parts = replicas.learn(batch, steps);
    double total = DoubleStream.of(parts).sum();
    double norm = parameters.gradientNorm();
    Optional<String> reason = guard.check(total, norm);
    if (reason.isEmpty()) {
      Schedule schedule = spec.schedule();
      parameters.descend(rate, schedule.momentum(), schedule.weightDecay(), clip(norm));
      steps++;
      meter.step(total, parts[0], parts[1]);
    }
    return reason;
  }

  /** Factor that brings the gradients' norm to its limit, as torch's clip_grad_norm_ does. */
  private double clip(double norm) {
    Double limit = spec.schedule().maxGradientNorm();
    return limit == null ? 1 : Math.min(1, limit / (norm + 1e-6));
  }

  /**
   * Finds objects.
   *
   * @param batch images; their boxes are not read
   * @return one for each image, in order, at most 100 boxes each
   */
  public List<Detections> detect(Batch batch) {
    return replicas.first().detect(batch);
  }

  /**
   * Writes the weights as safetensors, with what the detector is, steps and seed as metadata:
   * either the whole file appears or none.
   *
   * @param file to write or replace
   * @throws IOException if it cannot be written; an earlier file is untouched
   */
  public void saveCheckpoint(Path file) throws IOException {
    var metadata = new TreeMap<String, String>();
    var model = new ModelDescription(spec.detector(), spec.schedule().resize(), categories);
    metadata.put(ModelDescription.KEY, model.json());
    metadata.put("seed", Long.toString(spec.seed()));
    metadata.put("step", Integer.toString(steps));
    FinalWeights.write(file, spec.detector().architecture(), parameters, metadata);
  }

  /** Counts what is held beyond the step, which must not grow. */
  int lastingTensors() {
    return replicas.first().lastingTensors();
  }

  @Override
  public void close() {
    replicas.close();
  }
}
