package dev.autoloss.local.command;

import dev.autoloss.api.Dataset;
import dev.autoloss.api.DatasetSplit;
import dev.autoloss.api.document.Mistake;
import dev.autoloss.api.document.Places;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks whether the data that a document names is there, before anything is started. */
final class DataFolder {
  private final Path root;
  private final Places places;
  private final List<String> mistakes = new ArrayList<>();

  private DataFolder(Path root, Places places) {
    this.root = root;
    this.places = places;
  }

  /**
   * Finds the folder that takes the place of the document's volume.
   *
   * @return its absolute path; empty for generated data, which needs none
   * @throws InputException if it is not given, or a part of the data is not there
   */
  static Optional<Path> check(Dataset dataset, @Nullable Path given, Places places) {
    if (dataset.source().shapes() != null) {
      return Optional.empty();
    }
    if (given == null) {
      throw new InputException(
          places.show(
              new Mistake(
                  "spec.dataset.source",
                  "expected --data DIR, the folder that takes the volume's place here")));
    }
    if (!Files.isDirectory(given)) {
      throw new InputException("--data " + given + ": expected a folder, there is none");
    }
    var folder = new DataFolder(given.toAbsolutePath().normalize(), places);
    folder.split("train", dataset.train());
    folder.split("validation", dataset.validation());
    folder.split("test", dataset.test());
    if (!folder.mistakes.isEmpty()) {
      throw new InputException(folder.mistakes);
    }
    return Optional.of(folder.root);
  }

  private void split(String name, @Nullable DatasetSplit split) {
    if (split == null) {
      return;
    }
    String path = "spec.dataset." + name;
    Path annotations = root.resolve(split.annotations()).normalize();
    if (leaves(annotations, split.annotations())) {
      mistake(
          path + ".annotations", "expected a path inside of --data, found " + split.annotations());
    } else if (!Files.isRegularFile(annotations)) {
      mistake(path + ".annotations", "expected the file " + annotations + ", there is none");
    }
    Path images = root.resolve(split.images()).normalize();
    if (leaves(images, split.images())) {
      mistake(path + ".images", "expected a path inside of --data, found " + split.images());
    } else if (!Files.isDirectory(images)) {
      mistake(path + ".images", "expected the folder " + images + ", there is none");
    }
  }

  private boolean leaves(Path resolved, String written) {
    return Path.of(written).isAbsolute() || !resolved.startsWith(root);
  }

  private void mistake(String path, String message) {
    mistakes.add(places.show(new Mistake(path, message)));
  }
}
