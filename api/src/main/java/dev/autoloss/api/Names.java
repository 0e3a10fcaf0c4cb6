package dev.autoloss.api;

/** Patterns of Kubernetes' names. */
final class Names {
  /** Most objects: a DNS subdomain. */
  static final String SUBDOMAIN =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /** Parts of a pod: a DNS label. */
  static final String LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  /** When to pull an image. */
  static final String PULL_POLICY = "^(Always|IfNotPresent|Never)$";

  private Names() {}
}
