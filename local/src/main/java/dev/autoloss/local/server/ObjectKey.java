package dev.autoloss.local.server;

import java.util.Comparator;

/**
 * Where an object lies; sorted so that a type, and a namespace of a type, are ranges.
 *
 * @param group API group, empty for the core
 * @param plural resource name
 * @param namespace namespace, empty for objects of the cluster
 * @param name object name
 */
record ObjectKey(String group, String plural, String namespace, String name)
    implements Comparable<ObjectKey> {
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::group)
          .thenComparing(ObjectKey::plural)
          .thenComparing(ObjectKey::namespace)
          .thenComparing(ObjectKey::name);

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }
}
