package dev.autoloss.api.verdict;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What the scores prove.
 *
 * @param result {@code Confirmed}, {@code NotConfirmed} or {@code Unconfirmed}
 * @param reason why nothing can be confirmed, for example {@code NoTestSplit}; absent otherwise
 * @param comparison that it stands on; absent if there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerdictResult(
    String result, @Nullable String reason, @Nullable VerdictComparison comparison) {}
