package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Optional;

/** Whose a resource is: names may collide, UIDs do not. */
public final class Ownership {
  private Ownership() {}

  /**
   * The reference that makes an owner the controller of its child.
   *
   * @param owner a resource that the API server has stored
   * @return a controller reference that blocks the owner's foreground deletion
   */
  public static OwnerReference controller(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /**
   * Finds the controller of a resource.
   *
   * @param child any resource
   * @return its controller reference; empty if nobody controls it
   */
  public static Optional<OwnerReference> controllerOf(HasMetadata child) {
    return child.getMetadata().getOwnerReferences().stream()
        .filter(reference -> Boolean.TRUE.equals(reference.getController()))
        .findFirst();
  }

  /**
   * Says whether a resource is controlled by an owner.
   *
   * @param child any resource
   * @param owner a resource that the API server has stored
   * @return true only if the controller reference holds the owner's UID
   */
  public static boolean controls(HasMetadata owner, HasMetadata child) {
    return controllerOf(child)
        .filter(reference -> owner.getMetadata().getUid().equals(reference.getUid()))
        .isPresent();
  }

  /**
   * Says whether an existing resource is the one that was to be created.
   *
   * @param existing what the API server holds under the name
   * @param wanted what was to be created
   * @param owner the intended controller
   * @return true only if the controller's UID and the annotation of the spec's hash are the same
   */
  public static boolean sameChild(HasMetadata existing, HasMetadata wanted, HasMetadata owner) {
    return controls(owner, existing)
        && annotation(existing, Labels.SPEC_HASH).equals(annotation(wanted, Labels.SPEC_HASH));
  }

  /**
   * Reads an annotation.
   *
   * @param resource any resource
   * @param key the annotation's name
   * @return its value; empty if the resource lacks it
   */
  public static Optional<String> annotation(HasMetadata resource, String key) {
    return Optional.ofNullable(resource.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(key));
  }

  /**
   * Reads a label.
   *
   * @param resource any resource
   * @param key the label's name
   * @return its value; empty if the resource lacks it
   */
  public static Optional<String> label(HasMetadata resource, String key) {
    return Optional.ofNullable(resource.getMetadata().getLabels()).map(labels -> labels.get(key));
  }
}
