package dev.autoloss.trainer.bench;

import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.WarmUp;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoReader;
import dev.autoloss.trainer.data.EpochBatches;
import dev.autoloss.trainer.data.ImageFolder;
import dev.autoloss.trainer.data.Selection;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * The data pipeline alone: images a second from files to batches, of an epoch that decodes and of
 * one that finds resized images in memory.
 *
 * <p>Arguments: annotations, folder of images, side, images of a batch, epochs.
 */
final class DataRun {
  private DataRun() {}

  public static void main(String[] arguments) {
    CocoDataset dataset = Selection.trainable(CocoReader.read(Path.of(arguments[0]), arguments[0]));
    int side = Integer.parseInt(arguments[2]);
    int images = Integer.parseInt(arguments[3]);
    var schedule =
        new Schedule(
            1, images, 1, 0, 0, new WarmUp(0, 1), List.of(), .1, null, new Resize(side, side), .5);
    var preprocessing =
        new Preprocessing(ChannelOrder.RGB, List.of(0., 0., 0.), List.of(1., 1., 1.));
    var store = new ImageFolder(Path.of(arguments[1]), arguments[1]);
    try (var source = new EpochBatches(dataset, store, schedule, preprocessing, 1)) {
      for (int epoch = 0; epoch < Integer.parseInt(arguments[4]); epoch++) {
        long start = System.nanoTime();
        int count = 0;
        for (Iterator<Batch> batches = source.epoch(epoch); batches.hasNext(); ) {
          count += batches.next().samples().size();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "epoch %d, %s: %d images, %.1f a second%n",
            epoch + 1,
            epoch == 0 ? "decoded" : "from memory",
            count,
            count / seconds);
      }
    }
  }
}
