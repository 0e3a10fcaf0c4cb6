package dev.autoloss.trainer.fit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What must be set before the tensor engine starts. */
public final class Engines {
  private Engines() {}

  /**
   * Sets the engine's threads, keeps it from downloading anything, and lets idle threads sleep. The
   * engine reads these once, so this comes before everything else; what the command line or the
   * environment says wins.
   *
   * @param threads threads of an operation, at least 1
   */
  public static void prepare(int threads) {
    setIfAbsent("ai.djl.offline", "true");
    setIfAbsent("ai.djl.default_engine", "PyTorch");
    setIfAbsent("ai.djl.pytorch.num_threads", Integer.toString(threads));
    setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
    // Threads that spin for work they wait for steal the processor from those who have it: with
    // other processes on the machine a step takes ten times as long, and more.
    setEnvironmentIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Java cannot change its own environment, which native libraries read when they are loaded. */
  @SuppressWarnings("restricted") // A call into native code needs one; the engine is native too.
  private static void setEnvironmentIfAbsent(String variable, String value) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address = linker.defaultLookup().findOrThrow("setenv");
    MethodHandle setenv =
        linker.downcallHandle(
            address,
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int keepExisting = 0;
      int status =
          (int)
              setenv.invokeExact(
                  arena.allocateFrom(variable), arena.allocateFrom(value), keepExisting);
      if (status != 0) {
        throw new IllegalStateException("the environment cannot hold " + variable);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
