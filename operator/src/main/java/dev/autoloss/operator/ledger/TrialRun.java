package dev.autoloss.operator.ledger;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a trial was run, recorded with its outcome: its DetectorTraining may be gone later.
 *
 * @param seconds time of training and evaluation; empty if it brought no result
 * @param wasted seconds of attempts that brought none
 * @param image identity of the image that ran; empty if unknown
 * @param data SHA-256 of the data that was read; empty if unknown
 */
public record TrialRun(
    OptionalDouble seconds, double wasted, Optional<String> image, Optional<String> data) {}
