package dev.autoloss.search;

import java.util.Optional;

/** A pair that is bred from; a seed has no id. */
record Parent(Optional<CandidateId> id, LossPair losses) {}
