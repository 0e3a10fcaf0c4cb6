package dev.autoloss.search;

/** What generations without parents are made from. */
public enum Seeding {
  /** The document's initial and prior pairs, and the detector's default pair. */
  INITIAL,
  /** These and each catalogue loss with each: some as they are, most with one or two edits. */
  CATALOGUE
}
