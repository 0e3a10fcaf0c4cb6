package dev.autoloss.search;

/**
 * What a found loss has to beat beside the default pair: something that anybody could have tried
 * without a search. Trained in generation 0, never evolved.
 *
 * @param name for people, unique in a search
 * @param losses the pair
 * @param scaling its weights and learning rate
 */
public record Control(String name, LossPair losses, Scaling scaling) {}
