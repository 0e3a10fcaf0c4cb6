package dev.autoloss.search;

import java.util.List;

/**
 * What an advance led to.
 *
 * @param state the new state
 * @param events what was decided, in order; folded over the old state they give the new one
 */
public record Advance(SearchState state, List<SearchEvent> events) {
  /** Copies the events. */
  public Advance {
    events = List.copyOf(events);
  }
}
