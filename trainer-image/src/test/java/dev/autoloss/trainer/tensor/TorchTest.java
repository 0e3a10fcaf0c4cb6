package dev.autoloss.trainer.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.trainer.fit.Engines;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TorchTest {
  private static final int COPIES = 64;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** Direct buffers of a long training would be there until a collection, which it rarely needs. */
  @Test
  void copiesLeaveNoDirectBuffersForTheCollector() {
    float[] values = new float[1 << 18];
    values[1] = 2;
    try (Torch torch = Torch.open(false, 2, List.of())) {
      long before = directBytes();
      for (int i = 0; i < COPIES; i++) {
        try (Step _ = torch.step(false)) {
          assertArrayEquals(values, torch.tensor(values, values.length).floats());
        }
      }
      long left = directBytes() - before;
      assertTrue(left < 4L * values.length, left + " bytes are left of copies of 1 MiB");
    }
  }
}
