package dev.autoloss.operator.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.Optional;

/** The one lease that an election is about; what it can't reach throws. */
interface LeaseStore {
  /** The lease as it is now; empty if there is none. */
  Optional<Lease> read();

  /** Stores a lease where there was none; empty if somebody was faster. */
  Optional<Lease> create(Lease lease);

  /** Replaces the version that the lease names; empty if that is not the newest any more. */
  Optional<Lease> replace(Lease lease);
}
