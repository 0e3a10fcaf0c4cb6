package dev.autoloss.loss.picture;

import java.util.List;

/**
 * A line of a chart.
 *
 * @param name for the legend
 * @param colour CSS colour
 * @param dashed whether the line is broken
 * @param values at equal steps from the left to the right end of the axis; gaps where not finite
 */
record Curve(String name, String colour, boolean dashed, List<Double> values) {}
