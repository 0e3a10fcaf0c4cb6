package dev.autoloss.operator.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorMetricsTest {
  @Test
  void processAndLeadershipAreShown() {
    try (var metrics = new OperatorMetrics(0)) {
      String text = metrics.scrape();
      for (String name :
          new String[] {
            "autoloss_build_info{",
            "autoloss_leader 0.0",
            "jvm_memory_used_bytes{",
            "jvm_gc_memory_allocated_bytes_total",
            "jvm_threads_live_threads ",
            "process_cpu_usage ",
            "process_uptime_seconds ",
            "process_resident_memory_bytes "
          }) {
        assertTrue(text.contains("\n" + name), () -> name + " is not in\n" + text);
      }
      metrics.leads(true);
      assertTrue(metrics.scrape().contains("\nautoloss_leader 1.0"));
    }
  }

  @Test
  void residentMemoryIsReadInBytes(@TempDir Path folder) throws IOException {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nVmHWM:\t 300 kB\nVmRSS:\t  200 kB\n");
    assertEquals(200 * 1024, new ProcessMemory(status).bytes());
    assertTrue(Double.isNaN(new ProcessMemory(folder.resolve("none")).bytes()));
  }
}
