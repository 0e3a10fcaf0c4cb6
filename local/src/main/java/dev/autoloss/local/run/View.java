package dev.autoloss.local.run;

import java.time.Duration;
import java.util.List;

/** How a user sees a run. */
interface View {
  /** Shows a line that is not an event. */
  void note(String line);

  /** Shows where the run stands; called at most four times a second. */
  void show(Snapshot now, List<RunEvent> events, Duration elapsed);

  /** Shows the end. */
  void end(Snapshot last, List<String> places);
}
