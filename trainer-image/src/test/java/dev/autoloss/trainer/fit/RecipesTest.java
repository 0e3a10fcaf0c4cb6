package dev.autoloss.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Architecture;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.trainer.detector.DetectorPlan;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The published recipes in examples/coco, read and planned, not trained. */
class RecipesTest {
  private static final Path FOLDER = Path.of("..", "examples", "coco");
  private static final List<String> MODES =
      List.of("default", "classification", "regression", "searched");
  private static final List<String> ROWS =
      List.of(
          "faster-rcnn-r50",
          "faster-rcnn-r101",
          "cascade-rcnn-r50",
          "mask-rcnn-r50",
          "fcos-r50",
          "atss-r50");

  /** Steps of an epoch of COCO's 117,266 images with objects, about. */
  private static final int EPOCH = 7330;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  private static DetectorTrainingSpec spec(String name) throws DocumentException {
    Document document = DocumentReader.read(FOLDER.resolve(name + ".yaml"));
    var training = assertInstanceOf(Document.Training.class, document).resource();
    assertEquals(name, training.getMetadata().getName());
    DetectorTrainingSpec spec = training.getSpec();
    assertNotNull(spec);
    return spec;
  }

  static Stream<String> names() {
    return ROWS.stream().flatMap(row -> MODES.stream().map(mode -> row + "-" + mode));
  }

  @Test
  void everyRowOfThePublishedTableHasEveryMode() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertEquals(
          new TreeSet<>(names().map(name -> name + ".yaml").toList()),
          new TreeSet<>(files.map(file -> file.getFileName().toString()).toList()));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void scheduleSizesAndLossesAreThePublishedOnes(String name) throws DocumentException {
    DetectorTrainingSpec spec = spec(name);
    Architecture architecture = spec.detector().architecture();
    Schedule schedule = spec.schedule();
    boolean fcos = architecture == Architecture.FCOS;
    double rate = fcos || architecture == Architecture.ATSS ? .01 : .02;
    var rates = new LearningRate(schedule, EPOCH);
    assertEquals(rate * (fcos ? 1 / 3. : .001), rates.at(0), 1e-9);
    assertEquals(rate * (fcos ? 2 / 3. : .5005), rates.at(250), 1e-9);
    assertEquals(rate, rates.at(500), 1e-12);
    assertEquals(rate, rates.at(8 * EPOCH - 1), 1e-12);
    assertEquals(rate / 10, rates.at(8 * EPOCH), 1e-12);
    assertEquals(rate / 100, rates.at(11 * EPOCH), 1e-12);
    assertEquals(12, schedule.epochs());
    assertEquals(.9, schedule.momentum());
    assertEquals(1e-4, schedule.weightDecay());
    assertNull(schedule.maxGradientNorm());
    assertEquals(new Resize(800, 1333), schedule.resize());
    assertEquals(16, schedule.batchSize());
    // FCOS divides its losses by what four images have, the others' devices hold two.
    assertEquals(fcos ? 4 : 8, spec.accelerator().count());
    assertEquals(
        fcos ? ChannelOrder.BGR : ChannelOrder.RGB, spec.detector().preprocessing().channelOrder());
    assertEquals(
        name.endsWith("classification") || name.endsWith("searched"),
        spec.loss().classification() != null);
    assertEquals(
        name.endsWith("regression") || name.endsWith("searched"), spec.loss().regression() != null);
    assertTrue(DetectorPlan.of(spec).scripts().size() > 1);
  }

  /** Counts of the published networks, without moments. */
  @ParameterizedTest
  @CsvSource({
    "faster-rcnn-r50, 41753056, 41527712",
    "faster-rcnn-r101, 60745184, 60519840",
    "cascade-rcnn-r50, 69394766, 69169422",
    "mask-rcnn-r50, 44396336, 44170992",
    "fcos-r50, 32297370, 32021850",
    "atss-r50, 32295322, 32069978"
  })
  void networksHaveThePublishedNumberOfParameters(String row, long all, long trained)
      throws DocumentException {
    DetectorPlan plan = DetectorPlan.of(spec(row + "-searched"));
    try (Torch torch = Torch.open(false, 2, plan.scripts())) {
      var parameters = new Parameters(torch);
      plan.build(torch, parameters, 80, RandomGeneratorFactory.of("L64X128MixRandom").create(1));
      assertEquals(trained, count(parameters.trained().values()));
      List<Tensor> weights =
          parameters.all().entrySet().stream()
              .filter(entry -> !entry.getKey().contains(".running_"))
              .map(Map.Entry::getValue)
              .toList();
      assertEquals(all, count(weights));
    }
  }

  private static long count(Collection<Tensor> tensors) {
    return tensors.stream()
        .mapToLong(tensor -> LongStream.of(tensor.shape()).reduce(1, (a, b) -> a * b))
        .sum();
  }
}
