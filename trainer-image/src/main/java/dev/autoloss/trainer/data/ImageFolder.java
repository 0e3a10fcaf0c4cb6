package dev.autoloss.trainer.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Image files in a folder, in any format that the JDK decodes: JPEG, PNG, GIF, BMP, TIFF. */
public final class ImageFolder implements ImageStore {
  private final Path folder;
  private final String shownName;

  /**
   * Opens a folder.
   *
   * @param folder the folder
   * @param shownName how messages name it
   * @throws DataException if there is no such folder
   */
  public ImageFolder(Path folder, String shownName) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          shownName + ": expected a folder of images, but there is no such folder");
    }
    this.folder = folder;
    this.shownName = shownName;
  }

  /**
   * Describes an image of the folder by its header.
   *
   * @param id that it gets
   * @param fileName its path below the folder
   * @return its size
   * @throws DataException if it is missing, of an unknown format or too large
   */
  public CocoImage describe(long id, String fileName) {
    return ImageDecoder.describe(
        folder.resolve(fileName), shownName + "/" + fileName, new CocoImage(id, fileName, 1, 1));
  }

  @Override
  public RgbImage read(CocoImage image) {
    return ImageDecoder.decode(
        folder.resolve(image.fileName()), shown(image), image.width(), image.height());
  }

  @Override
  public long size(CocoImage image) {
    Path file = folder.resolve(image.fileName());
    try {
      if (Files.isRegularFile(file)) {
        return Files.size(file);
      }
    } catch (IOException unreadable) {
      throw new DataException(shown(image) + ": " + unreadable.getMessage());
    }
    throw new DataException(shown(image) + ": expected an image file, but there is no such file");
  }

  private String shown(CocoImage image) {
    return shownName + "/" + image.fileName();
  }
}
