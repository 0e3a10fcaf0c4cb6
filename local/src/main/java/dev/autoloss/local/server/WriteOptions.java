package dev.autoloss.local.server;

/**
 * How a write is meant.
 *
 * @param dryRun nothing is stored
 * @param strict unknown fields are refused rather than dropped
 * @param force an apply takes over fields of other managers
 * @param fieldManager who writes
 * @param subresource status, or empty for the object itself
 */
record WriteOptions(
    boolean dryRun, boolean strict, boolean force, String fieldManager, String subresource) {
  boolean status() {
    return subresource.equals("status");
  }

  ManagedFields.Writer writer(String operation) {
    return new ManagedFields.Writer(fieldManager, operation, subresource);
  }
}
