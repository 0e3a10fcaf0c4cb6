package dev.autoloss.search;

/**
 * One training of a candidate.
 *
 * @param id its name
 * @param losses the pair that is trained
 * @param scaling its weights and learning rate
 * @param seed seed of the training; the same for all candidates of a replicate, so that chance in
 *     the training does not choose between them
 */
public record Trial(TrialId id, LossPair losses, Scaling scaling, long seed) {}
