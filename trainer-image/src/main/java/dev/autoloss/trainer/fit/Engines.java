package dev.autoloss.trainer.fit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** What must be set before the tensor engine starts. */
public final class Engines {
  private static final FunctionDescriptor INT_OF_TWO_INTS =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final FunctionDescriptor INT_OF_TWO_TEXTS_AND_INT =
      FunctionDescriptor.of(
          ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

  private Engines() {}

  /** Of mallopt, in glibc's malloc.h. */
  private static final int ARENA_MAX = -8;

  private static final int MMAP_MAX = -4;
  private static final int TRIM_THRESHOLD = -1;

  /**
   * Sets the engine's threads, keeps it from downloading anything, lets idle threads sleep, and has
   * memory that a step gives back stay with the process. The engine reads these once, so this comes
   * before everything else; what the command line or the environment says wins.
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
    // Single precision means single precision; GPUs would else round the factors of convolutions.
    setEnvironmentIfAbsent("NVIDIA_TF32_OVERRIDE", "0");
    keepFreedMemory();
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Every step asks for the same maps anew. By default each large one is fetched from the system,
   * cleared page by page, and given back.
   */
  private static void keepFreedMemory() {
    call("mallopt", INT_OF_TWO_INTS)
        .ifPresent(
            mallopt -> {
              set(mallopt, ARENA_MAX, 1);
              set(mallopt, MMAP_MAX, 0);
              set(mallopt, TRIM_THRESHOLD, Integer.MAX_VALUE);
            });
  }

  private static void set(MethodHandle mallopt, int option, int value) {
    invoke(() -> (int) mallopt.invokeExact(option, value));
  }

  /** Java cannot change its own environment, which native libraries read when they are loaded. */
  private static void setEnvironmentIfAbsent(String variable, String value) {
    MethodHandle setenv = call("setenv", INT_OF_TWO_TEXTS_AND_INT).orElseThrow();
    int keepExisting = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(variable);
      MemorySegment text = arena.allocateFrom(value);
      if (invoke(() -> (int) setenv.invokeExact(name, text, keepExisting)) != 0) {
        throw new IllegalStateException("the environment cannot hold " + variable);
      }
    }
  }

  /** A function of the C library, if this one has it. */
  @SuppressWarnings("restricted") // A call into native code needs one; the engine is native too.
  private static Optional<MethodHandle> call(String function, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(function)
        .map(address -> linker.downcallHandle(address, type));
  }

  /** A call through a method handle. */
  @FunctionalInterface
  private interface NativeCall {
    @SuppressWarnings("checkstyle:IllegalThrows") // So do method handles.
    int run() throws Throwable;
  }

  private static int invoke(NativeCall call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
