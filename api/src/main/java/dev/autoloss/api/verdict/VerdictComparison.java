package dev.autoloss.api.verdict;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A finalist against the strongest control, block by block.
 *
 * @param finalist name of the finalist
 * @param control name of the strongest control
 * @param n blocks: seeds that both have a score of
 * @param gain mean difference of AP
 * @param sd standard deviation of the differences
 * @param low lower end of the gain's interval
 * @param high its upper end
 * @param confidence of the interval, between 0 and 1
 * @param p of the one-sided paired t test, which decides
 * @param signFlip p of the exact sign-flip test; absent for more than 20 blocks
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerdictComparison(
    String finalist,
    String control,
    int n,
    double gain,
    double sd,
    double low,
    double high,
    double confidence,
    double p,
    @Nullable Double signFlip) {}
