package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.loss.Reduction;
import dev.autoloss.trainer.loss.Terms;
import java.util.List;

/** A detector with its weights and its loss. */
public interface DetectorNetwork {
  /**
   * Computes the loss of a batch, inside of a step that keeps gradients.
   *
   * @param batch images with boxes; any may have none
   * @param step number of the step from 0: all chance is drawn from it, the seed and the images
   * @param reduction asks the other replicas, if the batch is a part of a greater one
   * @return the total, to start a backward pass from, and its parts
   */
  Terms loss(Batch batch, long step, Reduction reduction);

  /**
   * Computes the loss of a whole batch.
   *
   * @param batch images with boxes
   * @param step number of the step from 0
   * @return the total and its parts
   */
  default Terms loss(Batch batch, long step) {
    return loss(batch, step, Reduction.ALONE);
  }

  /**
   * Finds objects.
   *
   * @param batch images; their boxes are not read
   * @return one for each image, in order
   */
  List<Detections> detect(Batch batch);
}
