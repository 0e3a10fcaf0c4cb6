package dev.autoloss.e2e.faults;

import java.util.SortedMap;
import org.hamcrest.BaseMatcher;
import org.hamcrest.Description;

/** Matches while a state is the one of the look before. */
public final class Unchanged extends BaseMatcher<SortedMap<String, String>> {
  private Object before = "";

  @Override
  public boolean matches(Object now) {
    boolean same = before.equals(now);
    before = now;
    return same;
  }

  @Override
  public void describeTo(Description description) {
    description.appendText("as it was before");
  }
}
