package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a detector is trained: SGD with warm-up and steps.
 *
 * @param epochs passes over the training images
 * @param batchSize images of a step, over all devices
 * @param learningRate rate after warm-up
 * @param momentum SGD momentum
 * @param weightDecay L2 penalty of weights; biases have none
 * @param warmUp rise of the rate at the start
 * @param steps epochs (0-based) at whose start the rate is multiplied by gamma
 * @param gamma factor of each step
 * @param maxGradientNorm clips the norm of all gradients; left out for no clipping
 * @param resize size of the images
 * @param flip probability of a horizontal flip
 * @param accumulation micro-batches of a replica that make up its part of a step, one after the
 *     other, their gradients averaged; left out, 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Schedule(
    @JsonPropertyDescription("Passes over the training images.") @Default("12") @Min(1) @Max(1000)
        int epochs,
    @JsonPropertyDescription("Images of a step, over all devices.")
        @Default("16")
        @Min(1)
        @Max(4096)
        int batchSize,
    @JsonPropertyDescription("Rate after warm-up.")
        @Default("0.01")
        @Min(value = 0, inclusive = false)
        @Max(10)
        double learningRate,
    @JsonPropertyDescription("SGD momentum.") @Default("0.9") @Min(0) @Max(1) double momentum,
    @JsonPropertyDescription("L2 penalty of weights; biases have none.")
        @Default("0.0001")
        @Min(0)
        @Max(1)
        double weightDecay,
    @JsonPropertyDescription("Rise of the rate at the start.") @Default("{}") WarmUp warmUp,
    @JsonPropertyDescription("Epochs (0-based) at whose start the rate is multiplied by gamma.")
        @Default("[]")
        @Size(max = 16)
        List<Integer> steps,
    @JsonPropertyDescription("Factor of each step.") @Default("0.1") @Min(0) @Max(1) double gamma,
    @JsonPropertyDescription("Clips the norm of all gradients; left out for no clipping.")
        @Min(value = 0, inclusive = false)
        @Nullable Double maxGradientNorm,
    @JsonPropertyDescription("Size of the images.") @Default("{}") Resize resize,
    @JsonPropertyDescription("Probability of a horizontal flip.") @Default("0.5") @Min(0) @Max(1)
        double flip,
    @JsonPropertyDescription(
            "Micro-batches of a replica's part of a step, one after the other; left out, 1.")
        @Min(1)
        @Max(256)
        @Nullable Integer accumulation) {

  /**
   * A schedule without accumulation.
   *
   * @param epochs passes over the training images
   * @param batchSize images of a step, over all devices
   * @param learningRate rate after warm-up
   * @param momentum SGD momentum
   * @param weightDecay L2 penalty
   * @param warmUp rise of the rate at the start
   * @param steps epochs at whose start the rate is multiplied by gamma
   * @param gamma factor of each step
   * @param maxGradientNorm clips the norm of all gradients, if not null
   * @param resize size of the images
   * @param flip probability of a horizontal flip
   */
  @SuppressWarnings("checkstyle:parameternumber") // The record's own, but for the last one.
  public Schedule(
      int epochs,
      int batchSize,
      double learningRate,
      double momentum,
      double weightDecay,
      WarmUp warmUp,
      List<Integer> steps,
      double gamma,
      @Nullable Double maxGradientNorm,
      Resize resize,
      double flip) {
    this(
        epochs,
        batchSize,
        learningRate,
        momentum,
        weightDecay,
        warmUp,
        steps,
        gamma,
        maxGradientNorm,
        resize,
        flip,
        null);
  }

  /**
   * The same schedule with another rate.
   *
   * @param rate after warm-up
   * @return the schedule
   */
  public Schedule withLearningRate(double rate) {
    return new Schedule(
        epochs,
        batchSize,
        rate,
        momentum,
        weightDecay,
        warmUp,
        steps,
        gamma,
        maxGradientNorm,
        resize,
        flip,
        accumulation);
  }
}
