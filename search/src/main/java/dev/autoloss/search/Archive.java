package dev.autoloss.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Quality and diversity (MAP-Elites, Mouret and Clune, 2015): the best pair of each kind, where
 * kinds are cells of size and {@link GradientShape}. Truncation keeps the best whatever they look
 * like, so that soon all are of one kind; the archive remembers the others. A score is no axis of
 * it. A projection of the state: nothing of it is stored.
 */
final class Archive {
  /** Most nodes of a pair in each size but the last. */
  private static final int[] SIZES = {16, 28, 40};

  private Archive() {}

  /**
   * A kind of pair.
   *
   * @param size from 0, the smallest
   * @param shapes of the searched branches, in their order
   */
  record Cell(int size, List<GradientShape> shapes) implements Comparable<Cell> {
    private static final Comparator<Cell> ORDER =
        Comparator.comparingInt(Cell::size).thenComparing(Cell::shapes, Archive::compare);

    Cell {
      shapes = List.copyOf(shapes);
    }

    @Override
    public int compareTo(Cell other) {
      return ORDER.compare(this, other);
    }
  }

  private static int compare(List<GradientShape> one, List<GradientShape> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      if (one.get(i) != other.get(i)) {
        return one.get(i).compareTo(other.get(i));
      }
    }
    return Integer.compare(one.size(), other.size());
  }

  /**
   * The best pair of each kind up to a generation that is sealed; the baseline is no part of it.
   */
  static NavigableMap<Cell, CandidateId> of(SearchSpec spec, SearchState state, int generation) {
    var among = new ArrayList<Candidate>();
    for (int g = 1; g <= generation; g++) {
      among.addAll(state.generation(g));
    }
    var best = new TreeMap<Cell, CandidateId>();
    for (CandidateId id : state.ranked(among)) {
      best.putIfAbsent(cell(spec, state.candidate(id).losses()), id);
    }
    return best;
  }

  static Cell cell(SearchSpec spec, LossPair losses) {
    int size = 0;
    while (size < SIZES.length && losses.size() > SIZES[size]) {
      size++;
    }
    return new Cell(
        size,
        Seeds.targets(spec).stream()
            .map(target -> GradientShape.of(losses.of(target).orElseThrow(), spec.branch(target)))
            .toList());
  }
}
