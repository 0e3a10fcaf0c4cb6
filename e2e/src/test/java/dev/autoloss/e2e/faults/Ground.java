package dev.autoloss.e2e.faults;

import dev.autoloss.local.server.ApiEndpoint;
import dev.autoloss.operator.SearchScenario;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.function.Function;

/**
 * What a search of the suite runs on.
 *
 * @param server its API server
 * @param podEnds how the pods of Jobs end there, in place of trainers
 * @param quiet how long nothing may change for all to be over
 */
record Ground(
    ApiEndpoint server,
    Function<KubernetesClient, SearchScenario.PodEnd> podEnds,
    Duration quiet) {}
