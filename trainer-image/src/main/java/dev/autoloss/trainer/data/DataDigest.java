package dev.autoloss.trainer.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The identity of the data that a training saw: SHA-256 over the bytes of the annotation files and
 * the name and size of every image, in the order of their ids.
 */
public final class DataDigest {
  private final MessageDigest digest;

  /** Starts with no data. */
  public DataDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Adds an annotation file.
   *
   * @param file the file
   * @param shownName how messages name it
   * @throws DataException if it cannot be read
   */
  public void addFile(Path file, String shownName) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    } catch (IOException unreadable) {
      throw new DataException(
          shownName + ": expected a readable file, but " + unreadable.getMessage());
    }
  }

  /**
   * Adds annotations that are in no file.
   *
   * @param bytes what the file would hold
   */
  public void addBytes(byte[] bytes) {
    digest.update(bytes);
  }

  /**
   * Adds the images of a data set.
   *
   * @param dataset its images
   * @param store where they lie
   * @throws DataException if one is missing
   */
  public void addImages(CocoDataset dataset, ImageStore store) {
    for (CocoImage image : dataset.images()) {
      digest.update(image.fileName().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(store.size(image)).array());
    }
  }

  /**
   * Ends the digest.
   *
   * @return 64 hexadecimal digits
   */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
