package dev.autoloss.trainer.command;

import dev.autoloss.api.Architecture;
import dev.autoloss.api.Dataset;
import dev.autoloss.api.DatasetSplit;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.Split;
import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoReader;
import dev.autoloss.trainer.data.CocoWriter;
import dev.autoloss.trainer.data.DataDigest;
import dev.autoloss.trainer.data.DataException;
import dev.autoloss.trainer.data.ImageFolder;
import dev.autoloss.trainer.data.ImageStore;
import dev.autoloss.trainer.data.RelativePath;
import dev.autoloss.trainer.data.Selection;
import dev.autoloss.trainer.fit.DocumentException;
import dev.autoloss.trainer.shapes.GeneratedShapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The images that a document trains and measures on.
 *
 * @param train to train on
 * @param evaluation to measure on
 * @param weights file that the training starts from
 * @param digest of all of these
 */
record TrainingData(Part train, Part evaluation, Optional<Path> weights, String digest) {
  /**
   * Images and where they lie.
   *
   * @param dataset images and boxes
   * @param store pixels
   */
  record Part(CocoDataset dataset, ImageStore store) {}

  /**
   * Reads the annotations and sees that every image is there; no image is decoded.
   *
   * @param spec what to train
   * @param root of the data; not needed by a generated set
   * @throws DataException if the data is wrong
   * @throws DocumentException if the document names none, or a path that leaves the root
   */
  static TrainingData open(DetectorTrainingSpec spec, Optional<Path> root) {
    DataDigest digest = new DataDigest();
    Part whole = part(spec, Split.TRAIN, root, digest);
    CocoDataset selected = Selection.trainable(whole.dataset());
    if (spec.dataset().subset() != null) {
      selected = Selection.draw(selected, spec.dataset().subset());
    }
    Part train = new Part(selected, whole.store());
    Part evaluation =
        switch (spec.evaluateOn()) {
          case TRAIN -> train;
          case VALIDATION, TEST -> part(spec, spec.evaluateOn(), root, digest);
        };
    check(train.dataset(), evaluation.dataset());
    digest.addImages(train.dataset(), train.store());
    digest.addImages(evaluation.dataset(), evaluation.store());
    Optional<Path> weights = weights(spec.detector().weights(), root, digest);
    return new TrainingData(train, evaluation, weights, digest.hex());
  }

  private static Optional<Path> weights(
      @Nullable String path, Optional<Path> root, DataDigest digest) {
    if (path == null) {
      return Optional.empty();
    }
    String field = "spec.detector.weights";
    if (root.isEmpty()) {
      throw new DocumentException(field + ": expected --data DIR, below which the file lies");
    }
    Path file = resolve(root.get(), path, field);
    if (!Files.isRegularFile(file)) {
      throw new DataException(path + ": expected a file of weights, but there is no such file");
    }
    digest.addFile(file, path);
    return Optional.of(file);
  }

  private static Part part(
      DetectorTrainingSpec spec, Split split, Optional<Path> root, DataDigest digest) {
    Dataset dataset = spec.dataset();
    boolean masks = spec.detector().architecture() == Architecture.MASK_RCNN;
    ShapesSource shapes = dataset.source().shapes();
    if (shapes != null && split == Split.TEST) {
      throw new DocumentException(
          "spec.evaluateOn: expected Train or Validation: shapes has no test");
    }
    if (shapes != null && masks) {
      throw new DocumentException(
          "spec.dataset.source.shapes: expected a data set with masks for MaskRCNN,"
              + " but generated shapes have none");
    }
    if (shapes != null) {
      GeneratedShapes generated = new GeneratedShapes(shapes, split);
      digest.addBytes(json(generated.dataset()));
      return new Part(generated.dataset(), generated);
    }
    String field = "spec.dataset." + split.name().toLowerCase(Locale.ROOT);
    DatasetSplit files =
        required(
            field,
            switch (split) {
              case TRAIN -> dataset.train();
              case VALIDATION -> dataset.validation();
              case TEST -> dataset.test();
            });
    if (root.isEmpty()) {
      throw new DocumentException(field + ": expected --data DIR, below which its files lie");
    }
    Path annotations = resolve(root.get(), files.annotations(), field + ".annotations");
    Path images = resolve(root.get(), files.images(), field + ".images");
    CocoDataset read =
        masks
            ? CocoReader.readMasks(annotations, files.annotations())
            : CocoReader.read(annotations, files.annotations());
    digest.addFile(annotations, files.annotations());
    return new Part(read, new ImageFolder(images, files.images()));
  }

  private static DatasetSplit required(String field, @Nullable DatasetSplit split) {
    if (split == null) {
      throw new DocumentException(field + ": expected a value, but there is none");
    }
    return split;
  }

  private static Path resolve(Path root, String path, String field) {
    if (!RelativePath.staysBelow(path)) {
      throw new DocumentException(
          field + ": expected a path below the root of the data, but it is " + path);
    }
    return root.resolve(path);
  }

  private static byte[] json(CocoDataset dataset) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CocoWriter.write(bytes, dataset);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void check(CocoDataset train, CocoDataset evaluation) {
    if (train.images().isEmpty() || train.annotations().stream().allMatch(CocoAnnotation::crowd)) {
      throw new DataException(
          train.file() + ": annotations: expected at least one box that is no crowd");
    }
    if (!train.categories().ids().equals(evaluation.categories().ids())) {
      throw new DataException(
          "%s: categories: expected the ids of %s, %s, but they are %s"
              .formatted(
                  evaluation.file(),
                  train.file(),
                  train.categories().ids(),
                  evaluation.categories().ids()));
    }
    if (evaluation.annotations().stream().allMatch(CocoAnnotation::crowd)) {
      throw new DataException(
          evaluation.file() + ": annotations: expected at least one box that is no crowd");
    }
  }
}
