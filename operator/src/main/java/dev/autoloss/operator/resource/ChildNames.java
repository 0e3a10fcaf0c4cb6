package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Names of a search's children: the same name for the same child, whatever happens between. */
public final class ChildNames {
  private static final int LONGEST_STEM = 30;
  private static final int UID_DIGITS = 6;

  private ChildNames() {}

  /**
   * Names a child.
   *
   * @param parent a resource that the API server has stored
   * @param id what tells the child from its siblings
   * @return at most 30 characters of the parent's name, 6 of its UID and the id
   */
  public static String of(HasMetadata parent, String id) {
    String name = parent.getMetadata().getName().replace('.', '-');
    String stem = name.substring(0, Math.min(LONGEST_STEM, name.length()));
    String uid = parent.getMetadata().getUid().replace("-", "");
    return stem.replaceAll("-+$", "")
        + "-"
        + uid.substring(0, Math.min(UID_DIGITS, uid.length()))
        + "-"
        + id;
  }
}
