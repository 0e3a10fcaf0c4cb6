package dev.autoloss.trainer.data;

/** Where the images of a data set come from. */
public interface ImageStore {
  /**
   * Reads an image; called by several threads at once.
   *
   * @param image one of the data set's
   * @return its pixels, of the size that the data set names
   * @throws DataException if it is missing, does not decode or has another size
   */
  RgbImage read(CocoImage image);

  /**
   * Tells the size of what an image is read from, for the data's digest.
   *
   * @param image one of the data set's
   * @return bytes
   * @throws DataException if it is missing
   */
  long size(CocoImage image);
}
