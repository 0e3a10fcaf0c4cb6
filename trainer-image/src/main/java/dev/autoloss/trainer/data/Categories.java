package dev.autoloss.trainer.data;

import java.util.List;

/**
 * The classes of a data set; a label is a position in this list.
 *
 * @param ids COCO category ids in rising order, gaps allowed
 * @param names their names
 */
public record Categories(List<Long> ids, List<String> names) {
  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if they differ in length or are empty
   */
  public Categories {
    ids = List.copyOf(ids);
    names = List.copyOf(names);
    if (ids.isEmpty() || ids.size() != names.size()) {
      throw new IllegalArgumentException(ids.size() + " ids and " + names.size() + " names");
    }
  }

  /**
   * Counts the classes.
   *
   * @return at least 1
   */
  public int count() {
    return ids.size();
  }
}
