package dev.autoloss.operator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code process_resident_memory_bytes}, as Linux tells it; elsewhere NaN. */
record ProcessMemory(Path status) implements MeterBinder {
  private static final String RESIDENT = "VmRSS:";
  private static final int KIB = 1024;

  ProcessMemory() {
    this(Path.of("/proc/self/status"));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("process.resident.memory", this, ProcessMemory::bytes)
        .description("Memory of the process that is in RAM")
        .baseUnit("bytes")
        .register(registry);
  }

  double bytes() {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToDouble(kibibytes -> Double.parseDouble(kibibytes) * KIB)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException notLinux) {
      return Double.NaN;
    }
  }
}
