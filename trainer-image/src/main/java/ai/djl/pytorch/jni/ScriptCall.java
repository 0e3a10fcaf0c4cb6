package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;

/**
 * Calls a named method of a TorchScript module. It stands in the engine's package because the
 * engine keeps its native interface to itself and only offers the method {@code forward}.
 */
public final class ScriptCall {
  private ScriptCall() {}

  /**
   * Runs a method; the graph of its gradients is kept where the thread's gradient mode is on.
   *
   * @param module loaded module
   * @param method name of the method
   * @param arguments in the method's order; they stay the caller's to close
   * @return the result, the caller's to close
   */
  public static IValue run(PtSymbolBlock module, String method, IValue... arguments) {
    long[] handles = new long[arguments.length];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = arguments[i].getHandle();
    }
    return new IValue(
        PyTorchLibrary.LIB.moduleRunMethod(module.getHandle(), method, handles, true, false));
  }
}
