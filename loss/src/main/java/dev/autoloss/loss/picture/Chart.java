package dev.autoloss.loss.picture;

import java.util.List;

/**
 * Curves over one axis.
 *
 * @param title what the vertical axis shows
 * @param axis what the horizontal axis shows
 * @param ticks texts at equal distances from the left to the right end of the axis
 * @param curves not empty
 */
record Chart(String title, String axis, List<String> ticks, List<Curve> curves) {}
