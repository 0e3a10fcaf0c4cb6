package dev.autoloss.api.document;

/**
 * Something wrong in a document.
 *
 * @param path field, for example {@code spec.evolution.initial[2].regression}; empty for the whole
 * @param message what was expected and what was found
 */
public record Mistake(String path, String message) {}
