package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.loss.Terms;
import java.util.List;

/** A detector with its weights and its loss. */
public interface DetectorNetwork {
  /**
   * Computes the loss of a batch, inside of a step that keeps gradients.
   *
   * @param batch images with boxes; any may have none
   * @param step number of the step from 0: all chance is drawn from it, the seed and the images
   * @return the total, to start a backward pass from, and its parts
   */
  Terms loss(Batch batch, long step);

  /**
   * Finds objects.
   *
   * @param batch images; their boxes are not read
   * @return one for each image, in order
   */
  List<Detections> detect(Batch batch);
}
