package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * COCO's twelve numbers, each in 0..1, or −1 where the split has no box of that kind.
 *
 * @param ap mean over IoU .50:.05:.95
 * @param ap50 at IoU .50
 * @param ap75 at IoU .75
 * @param apSmall of boxes below 32² pixels
 * @param apMedium of boxes between 32² and 96² pixels
 * @param apLarge of boxes above 96² pixels
 * @param ar1 recall with 1 detection an image
 * @param ar10 recall with 10
 * @param ar100 recall with 100
 * @param arSmall recall of small boxes
 * @param arMedium recall of medium boxes
 * @param arLarge recall of large boxes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metrics(
    @JsonPropertyDescription("Mean over IoU .50:.05:.95.") @JsonProperty("AP") double ap,
    @JsonPropertyDescription("At IoU .50.") @JsonProperty("AP50") double ap50,
    @JsonPropertyDescription("At IoU .75.") @JsonProperty("AP75") double ap75,
    @JsonPropertyDescription("Of boxes below 32² pixels.") @JsonProperty("APs") double apSmall,
    @JsonPropertyDescription("Of boxes between 32² and 96² pixels.") @JsonProperty("APm")
        double apMedium,
    @JsonPropertyDescription("Of boxes above 96² pixels.") @JsonProperty("APl") double apLarge,
    @JsonPropertyDescription("Recall with 1 detection an image.") @JsonProperty("AR1") double ar1,
    @JsonPropertyDescription("Recall with 10.") @JsonProperty("AR10") double ar10,
    @JsonPropertyDescription("Recall with 100.") @JsonProperty("AR100") double ar100,
    @JsonPropertyDescription("Recall of small boxes.") @JsonProperty("ARs") double arSmall,
    @JsonPropertyDescription("Recall of medium boxes.") @JsonProperty("ARm") double arMedium,
    @JsonPropertyDescription("Recall of large boxes.") @JsonProperty("ARl") double arLarge) {}
