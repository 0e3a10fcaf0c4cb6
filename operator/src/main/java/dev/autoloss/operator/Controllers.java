package dev.autoloss.operator;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.processing.Controller;
import java.util.List;
import java.util.Set;

/**
 * The controllers of an operator, which watch from the start and work when they are told to: the
 * framework ties the two together, or to an election of its own that trusts the clocks of other
 * machines.
 */
final class Controllers {
  private final Operator operator;

  Controllers(Operator operator) {
    this.operator = operator;
  }

  // The framework hands its controllers out as raw types.
  @SuppressWarnings({"rawtypes", "unchecked"})
  private List<Controller<?>> all() {
    Set<RegisteredController> registered = operator.getRegisteredControllers();
    return registered.stream().<Controller<?>>map(one -> (Controller<?>) one).toList();
  }

  /** Returns when the caches are filled. */
  void watch() {
    all().forEach(one -> one.start(false));
  }

  void work() {
    all().forEach(Controller::startEventProcessing);
  }

  /** Says whether the watches of all informers are open now. */
  boolean healthy() {
    return all().stream()
        .allMatch(one -> one.getControllerHealthInfo().unhealthyEventSources().isEmpty());
  }

  /** Starts nothing more, and lets what runs end in the time that the operator allows. */
  void stop() {
    all().forEach(Controller::stop);
    operator.stop();
  }
}
