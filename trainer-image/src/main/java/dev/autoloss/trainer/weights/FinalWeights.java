package dev.autoloss.trainer.weights;

import dev.autoloss.api.Architecture;
import dev.autoloss.trainer.tensor.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Writes the weights of a trained detector as safetensors, for others to read: in torchvision's
 * names and order of rows; ATSS and Cascade R-CNN, which torchvision lacks, in mmdetection's.
 *
 * <p>The trained scales of FCOS's levels, {@code head.scales.*}, are the one thing that
 * torchvision's FCOS does not have.
 */
public final class FinalWeights {
  private FinalWeights() {}

  /**
   * Writes the file: either the whole of it appears or none.
   *
   * @param file to write or replace
   * @param architecture of the network
   * @param parameters of the network
   * @param metadata texts of the header
   * @throws IOException if it cannot be written; an earlier file is untouched
   */
  public static void write(
      Path file, Architecture architecture, Parameters parameters, Map<String, String> metadata)
      throws IOException {
    SequencedMap<String, Stored> tensors = new LinkedHashMap<>();
    parameters
        .all()
        .forEach(
            (name, tensor) -> {
              Stored stored =
                  switch (architecture) {
                    case FCOS, ATSS, CASCADE_RCNN -> Stored.of(tensor);
                    case FASTER_RCNN, MASK_RCNN -> BackgroundRow.first(name, tensor);
                  };
              tensors.put(ParameterNames.published(architecture, name), stored);
            });
    SafeTensors.write(file, tensors, metadata);
  }
}
