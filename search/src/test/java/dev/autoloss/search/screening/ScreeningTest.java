package dev.autoloss.search.screening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.PrefixTree;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import dev.autoloss.search.screening.Screened.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScreeningTest {
  private static final long SEED = 1;

  private static DrawnTrees trees(Branch branch, long seed) {
    return new DrawnTrees(
        branch,
        EnumSet.allOf(UnaryOperator.class),
        EnumSet.allOf(BinaryOperator.class),
        List.of(1.0, 2.0, 3.0),
        DrawnTrees.Sizes.USUAL,
        seed);
  }

  private static Screened screen(Branch branch, int candidates, int threads, boolean rejection)
      throws InterruptedException {
    var done = new ArrayList<Long>();
    Screened screened =
        Screening.run(
            trees(branch, SEED),
            branch,
            candidates,
            new Screening.Options(threads, rejection, done::add));
    assertEquals(candidates, done.getLast());
    return screened;
  }

  @ParameterizedTest
  @EnumSource(Branch.class)
  void threadsChangeNothing(Branch branch) throws InterruptedException {
    Screened one = screen(branch, 30_000, 1, true);
    Screened two = screen(branch, 30_000, 2, true);
    assertEquals(one.survivors(), two.survivors(), "seed " + SEED);
    assertEquals(counts(one), counts(two), "seed " + SEED);
    assertEquals(one.flipped(), two.flipped(), "seed " + SEED);
    assertTrue(one.flipped() > 0 && one.flipped() < one.candidates(), "" + one.flipped());
  }

  private static List<List<Object>> counts(Screened screened) {
    return screened.stages().stream()
        .map(stage -> List.<Object>of(stage.name(), stage.in(), stage.out()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Branch.class)
  void eachLossThatIsLeftIsNewAndPassesTheGates(Branch branch) throws InterruptedException {
    Screened screened = screen(branch, 30_000, 2, false);
    assertFalse(screened.survivors().isEmpty());
    Set<Fingerprint> fingerprints = new HashSet<>();
    for (Expression loss : screened.survivors()) {
      assertEquals(new Verdict.Accepted(), Gates.published().judge(loss, branch), loss.toString());
      assertTrue(fingerprints.add(Fingerprint.of(loss, branch)), loss.toString());
    }
    long in = screened.candidates();
    for (Stage stage : screened.stages()) {
      assertEquals(in, stage.in(), stage.name());
      assertTrue(stage.out() <= stage.in() && stage.seconds() >= 0, stage.name());
      in = stage.out();
    }
    assertEquals(in, screened.survivors().size());
    assertTrue(in < screened.candidates() / 100, "more than 99 % fall, as in the paper: " + in);
  }

  @Test
  void aSpaceOfNothingLeavesNothing() throws InterruptedException {
    var trees =
        new DrawnTrees(
            Branch.REGRESSION,
            Set.of(UnaryOperator.NEG),
            Set.of(),
            List.of(),
            DrawnTrees.Sizes.USUAL,
            SEED);
    Screened screened =
        Screening.run(trees, Branch.REGRESSION, 5000, new Screening.Options(1, true, _ -> {}));
    assertEquals(List.of(), screened.survivors());
    // 36 sizes of 3 inputs.
    assertEquals(108, screened.stages().getFirst().out());
  }

  @ParameterizedTest
  @EnumSource(Branch.class)
  void sizesAreUniformAndTreesAreOfTheBranch(Branch branch) {
    int[] sizes = new int[41];
    var tree = new PrefixTree();
    var texts = new HashSet<String>();
    DrawnTrees trees = trees(branch, 3);
    for (int i = 0; i < 36_000; i++) {
      trees.draw(i, tree);
      Expression loss = tree.expression();
      sizes[loss.size()]++;
      if (i < 100) {
        texts.add(loss.toString());
        trees.draw(i, tree);
        assertEquals(loss, tree.expression());
        assertEquals(
            loss, dev.autoloss.loss.expression.ExpressionParser.parse(loss.toString(), branch));
      }
    }
    assertTrue(texts.size() > 95, texts.size() + " different of 100");
    for (int size = 0; size <= 40; size++) {
      // Four standard deviations of a binomial with mean 1000.
      assertEquals(size < 5 ? 0 : 1000, sizes[size], size < 5 ? 0 : 126, "size " + size);
    }
  }

  @Test
  void refusesWhatGivesNoTree() {
    assertThrows(IllegalArgumentException.class, () -> new DrawnTrees.Sizes(0, 3));
    assertThrows(IllegalArgumentException.class, () -> new DrawnTrees.Sizes(4, 3));
    assertThrows(IllegalArgumentException.class, () -> new DrawnTrees.Sizes(4, 201));
    assertThrows(IllegalArgumentException.class, () -> new Screening.Options(0, false, _ -> {}));
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new DrawnTrees(
                    Branch.REGRESSION,
                    Set.of(UnaryOperator.SERF),
                    Set.of(BinaryOperator.ADD),
                    List.of(),
                    DrawnTrees.Sizes.USUAL,
                    SEED));
    assertEquals(
        "operators: expected at least one of one operand in the regression branch",
        wrong.getMessage());
  }

  @Test
  void aFullSetRemembersWhatCameFirst() {
    var seen = new SeenNumbers(8);
    for (long number = 0; number < 100; number++) {
      assertTrue(seen.add(number), "new: " + number);
    }
    assertEquals(6, seen.size());
    for (long number = 0; number <= 6; number++) {
      assertFalse(seen.add(number), "known: " + number);
    }
    assertTrue(seen.add(7));
    assertTrue(seen.add(7), "no room");
    assertThrows(IllegalArgumentException.class, () -> new SeenNumbers(12));
  }
}
