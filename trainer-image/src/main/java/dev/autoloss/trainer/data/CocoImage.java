package dev.autoloss.trainer.data;

/**
 * One image of a COCO file.
 *
 * @param id its id, unique in the file
 * @param fileName path below the folder of the images
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 */
public record CocoImage(long id, String fileName, int width, int height) {}
