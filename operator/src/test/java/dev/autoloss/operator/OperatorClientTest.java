package dev.autoloss.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.api.LossSearch;
import org.junit.jupiter.api.Test;

class OperatorClientTest {
  @Test
  void fieldsOfANewerVersionAreSkipped() {
    LossSearch search =
        OperatorClient.serialization()
            .unmarshal(
                """
                {"apiVersion": "autoloss.dev/v1alpha1", "kind": "LossSearch",
                 "metadata": {"name": "n"},
                 "spec": {"seed": 7, "tomorrow": 1, "dataset": {"source": {"moon": {}}}},
                 "status": {"generation": 3, "weather": "fair"}}
                """,
                LossSearch.class);
    assertEquals(7, search.getSpec().seed());
    assertEquals(3, search.getStatus().generation());
  }
}
