package dev.autoloss.trainer.fit;

/** What must be set before the tensor engine starts. */
public final class Engines {
  private Engines() {}

  /**
   * Sets the engine's threads and keeps it from downloading anything. The first call to an engine
   * reads these once, so this comes before everything else; properties given on the command line
   * win.
   *
   * @param threads threads of an operation, at least 1
   */
  public static void prepare(int threads) {
    setIfAbsent("ai.djl.offline", "true");
    setIfAbsent("ai.djl.default_engine", "PyTorch");
    setIfAbsent("ai.djl.pytorch.num_threads", Integer.toString(threads));
    setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
