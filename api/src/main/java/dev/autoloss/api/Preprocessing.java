package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * How pixels become a detector's input: {@code (pixel − mean)/std} on 0..255.
 *
 * @param channelOrder order of the channels
 * @param mean mean of each channel, on 0..255
 * @param std standard deviation of each channel, on 0..255
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Preprocessing(
    @JsonPropertyDescription("Order of the channels.") @Default("RGB") ChannelOrder channelOrder,
    @JsonPropertyDescription("Mean of each channel, on 0..255.")
        @Default("[123.675, 116.28, 103.53]")
        @Size(min = 3, max = 3)
        List<Double> mean,
    @JsonPropertyDescription("Standard deviation of each channel, on 0..255.")
        @Default("[58.395, 57.12, 57.375]")
        @Size(min = 3, max = 3)
        List<Double> std) {}
