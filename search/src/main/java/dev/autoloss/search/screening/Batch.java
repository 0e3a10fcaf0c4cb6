package dev.autoloss.search.screening;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.PrefixTree;
import dev.autoloss.loss.gate.Examiner;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.gate.Gates;
import java.util.Optional;

/** Some losses in a row, judged by one thread at a time; its arrays are used again. */
final class Batch {
  private final Branch branch;
  private final Examiner examiner;
  private final PrefixTree tree = new PrefixTree();
  private final long[] texts;
  private final Examiner.Ruling[] rulings;
  private final long[] fingerprints;
  private final long[] nanos;
  private long first;
  private int count;

  Batch(Branch branch, int size) {
    this.branch = branch;
    this.examiner = Gates.published().examiner(branch);
    this.texts = new long[size];
    this.rulings = new Examiner.Ruling[size];
    this.fingerprints = new long[size];
    this.nanos = new long[size];
  }

  Batch judge(DrawnTrees trees, long firstNumber, int losses) {
    first = firstNumber;
    count = losses;
    long last = System.nanoTime();
    for (int i = 0; i < losses; i++) {
      trees.draw(firstNumber + i, tree);
      texts[i] = tree.hash();
      rulings[i] = examiner.rule(tree);
      if (rulings[i].failed().isEmpty()) {
        int sign = rulings[i].flipped() ? -1 : 1;
        fingerprints[i] =
            Fingerprint.of(examiner.program(), examiner.registers(), branch, sign).key();
      }
      long now = System.nanoTime();
      nanos[i] = now - last;
      last = now;
    }
    return this;
  }

  long first() {
    return first;
  }

  int count() {
    return count;
  }

  long text(int i) {
    return texts[i];
  }

  Optional<Gate> failed(int i) {
    return rulings[i].failed();
  }

  boolean flipped(int i) {
    return rulings[i].flipped();
  }

  long fingerprint(int i) {
    return fingerprints[i];
  }

  /** What drawing and judging took. */
  long nanos(int i) {
    return nanos[i];
  }
}
