package dev.autoloss.operator.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SuccessorsTest {
  private static final ResourceID NAME = new ResourceID("p", "n");

  private final Queue<Runnable> later = new ArrayDeque<>();
  private final List<Event> events = new ArrayList<>();
  private final Successors<Pod> successors = new Successors<>(later::add);
  private Optional<Pod> cached = Optional.empty();

  private static Pod pod(String uid) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .withNamespace("n")
        .withUid(uid)
        .endMetadata()
        .build();
  }

  @BeforeEach
  void start() {
    successors.setEventHandler(events::add);
    successors.start();
  }

  private String gone(Pod pod) {
    return successors.gone(
        pod,
        name -> {
          assertEquals(NAME, name);
          return cached;
        });
  }

  private void aMomentLater() {
    later.remove().run();
  }

  @Test
  void aSuccessorsEventIsGivenUntilItIsSeenToStand() {
    assertEquals(Optional.empty(), successors.stands(pod("old")));
    Pod successor = pod("new");
    cached = Optional.of(successor);
    assertEquals("old", gone(successor), "the framework shows the new one in place of the old");
    assertEquals("new", gone(successor), "nothing is known that stood before");
    assertEquals(1, later.size());
    var event = new ResourceEvent(ResourceAction.ADDED, NAME, successor);
    aMomentLater();
    assertEquals(List.of(event), events);
    aMomentLater();
    assertEquals(List.of(event, event), events);
    assertEquals(Optional.empty(), successors.stands(successor));
    aMomentLater();
    assertEquals(2, events.size());
    assertNull(later.poll());
  }

  @Test
  void aNameThatIsFreeIsLeftAlone() {
    successors.stands(pod("old"));
    assertEquals("old", gone(pod("old")));
    aMomentLater();
    assertEquals(List.of(), events);
    assertNull(later.poll());
    assertEquals(Optional.empty(), successors.stands(pod("new")));
  }

  @Test
  void oneWhoseEndNobodyWasToldOfIsNamed() {
    successors.stands(pod("old"));
    assertEquals(Optional.of("old"), successors.stands(pod("new")));
    assertEquals(Optional.empty(), successors.stands(pod("new")));
  }

  @Test
  void nothingIsGivenOnceItIsStopped() {
    cached = Optional.of(pod("new"));
    gone(pod("old"));
    successors.stop();
    aMomentLater();
    assertEquals(List.of(), events);
    assertNull(later.poll());
  }
}
