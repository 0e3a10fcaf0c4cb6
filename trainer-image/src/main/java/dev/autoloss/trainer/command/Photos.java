package dev.autoloss.trainer.command;

import dev.autoloss.trainer.data.CocoImage;
import dev.autoloss.trainer.data.DataException;
import dev.autoloss.trainer.data.ImageFolder;
import dev.autoloss.trainer.data.ImageStore;
import dev.autoloss.trainer.data.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Image files, from anywhere, that objects are to be found in. */
final class Photos implements ImageStore {
  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "gif", "bmp");

  private final List<CocoImage> images = new ArrayList<>();
  private final Map<Long, Path> files = new HashMap<>();

  private Photos() {}

  /**
   * Finds the files and reads their sizes.
   *
   * @param paths files, and folders of which every image is taken
   * @param ids known ids of files by name; other files are numbered
   * @throws DataException if one is missing or no image, a folder has none, or two have one name
   */
  static Photos open(List<Path> paths, Map<String, Long> ids) throws IOException {
    Photos photos = new Photos();
    long next = ids.values().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
    Map<String, Path> byName = new HashMap<>();
    for (Path path : paths) {
      for (Path file : Files.isDirectory(path) ? inFolder(path) : List.of(path)) {
        String name = file.getFileName().toString();
        Path other = byName.putIfAbsent(name, file);
        if (other != null) {
          throw new DataException(
              "%s: expected a name that no other image has, but %s has it".formatted(file, other));
        }
        Long known = ids.get(name);
        photos.add(file, known == null ? next++ : known);
      }
    }
    return photos;
  }

  private static List<Path> inFolder(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files = entries.filter(file -> ENDINGS.contains(ending(file))).sorted().toList();
      if (files.isEmpty()) {
        throw new DataException(folder + ": expected at least one JPEG, PNG, GIF or BMP image");
      }
      return files;
    }
  }

  /** What follows a file's last dot, in small letters. */
  static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private void add(Path file, long id) {
    images.add(folder(file).describe(id, file.getFileName().toString()));
    files.put(id, file);
  }

  private static ImageFolder folder(Path file) {
    Path parent = file.getParent();
    return new ImageFolder(
        parent == null ? Path.of("") : parent, parent == null ? "." : parent.toString());
  }

  List<CocoImage> images() {
    return images;
  }

  Path file(long id) {
    Path file = files.get(id);
    if (file == null) {
      throw new IllegalArgumentException("no image has id " + id);
    }
    return file;
  }

  @Override
  public RgbImage read(CocoImage image) {
    return folder(file(image.id())).read(image);
  }

  @Override
  public long size(CocoImage image) {
    return folder(file(image.id())).size(image);
  }
}
