package dev.autoloss.trainer.tensor;

import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * A scope: every tensor that its thread makes while it is open is freed when it is closed, which
 * for a training step is after the backward pass. Opened by {@link Torch#step}.
 */
public final class Step implements AutoCloseable {
  private final Torch torch;
  private final PtNDManager manager;
  private final NDScope scope;
  private final boolean outerGradients;

  Step(Torch torch, PtNDManager manager, boolean gradients) {
    this.torch = torch;
    this.manager = manager;
    this.scope = new NDScope();
    this.outerGradients = JniUtils.isGradMode();
    JniUtils.setGradMode(gradients);
  }

  PtNDManager manager() {
    return manager;
  }

  @Override
  public void close() {
    JniUtils.setGradMode(outerGradients);
    scope.close();
    manager.close();
    torch.closed(this);
  }
}
