package dev.autoloss.search.screening;

/**
 * A set of 64-bit hashes in bounded memory: 8 bytes a place. When it is three quarters full it
 * remembers no more, so what was asked first decides, whatever comes later.
 */
final class SeenNumbers {
  private static final int SPREAD = 0x9E3779B9;

  private final long[] table;
  private final int most;
  private int size;
  private boolean zero;

  /** A set with so many places, a power of two. */
  SeenNumbers(int places) {
    if (Integer.bitCount(places) != 1) {
      throw new IllegalArgumentException("places: expected a power of two, found " + places);
    }
    this.table = new long[places];
    this.most = places / 4 * 3;
  }

  /** Says whether the number is new, and remembers it while there is room. */
  boolean add(long number) {
    if (number == 0) {
      boolean first = !zero;
      zero = true;
      return first;
    }
    int slot = ((Long.hashCode(number) * SPREAD) >>> 1) & (table.length - 1);
    while (table[slot] != 0) {
      if (table[slot] == number) {
        return false;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    if (size < most) {
      table[slot] = number;
      size++;
    }
    return true;
  }

  int size() {
    return size;
  }
}
