package dev.autoloss.search.evidence;

/**
 * A two-sided interval of a mean.
 *
 * @param low its lower end
 * @param high its upper end
 * @param confidence how often such an interval holds the true mean, between 0 and 1
 */
public record Interval(double low, double high, double confidence) {}
