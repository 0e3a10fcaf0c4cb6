package dev.autoloss.trainer.tensor;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.ScriptCall;
import java.util.ArrayList;
import java.util.List;

/** A call of a TorchScript method in the making: first the arguments in order, then the result. */
public final class Call {
  private final PtNDManager manager;
  private final PtSymbolBlock module;
  private final String method;
  private final List<IValue> arguments = new ArrayList<>();

  Call(PtNDManager manager, PtSymbolBlock module, String method) {
    this.manager = manager;
    this.module = module;
    this.method = method;
  }

  /**
   * Adds an argument of type {@code Tensor}.
   *
   * @param tensor the argument
   * @return this
   */
  public Call with(Tensor tensor) {
    arguments.add(IValue.from(tensor.array()));
    return this;
  }

  /**
   * Adds an argument of type {@code List[Tensor]}.
   *
   * @param tensors at least one
   * @return this
   */
  public Call with(List<Tensor> tensors) {
    arguments.add(IValue.listFrom(tensors.stream().map(Tensor::array).toArray(PtNDArray[]::new)));
    return this;
  }

  /**
   * Adds an argument of type {@code int}.
   *
   * @param number the argument
   * @return this
   */
  public Call with(long number) {
    arguments.add(IValue.from(number));
    return this;
  }

  /**
   * Adds an argument of type {@code float}.
   *
   * @param number the argument
   * @return this
   */
  public Call with(double number) {
    arguments.add(IValue.from(number));
    return this;
  }

  /**
   * Adds an argument of type {@code List[float]}.
   *
   * @param numbers the argument
   * @return this
   */
  public Call withNumbers(double... numbers) {
    arguments.add(IValue.listFrom(numbers));
    return this;
  }

  /**
   * Runs a method that returns a {@code Tensor}.
   *
   * @return the result
   */
  public Tensor tensor() {
    try (IValue result = result()) {
      return new Tensor(result.toTensor(manager));
    }
  }

  /**
   * Runs a method that returns a {@code List[Tensor]}.
   *
   * @return the results
   */
  public List<Tensor> tensors() {
    try (IValue result = result()) {
      List<Tensor> tensors = new ArrayList<>();
      for (PtNDArray array : result.toTensorArray(manager)) {
        tensors.add(new Tensor(array));
      }
      return tensors;
    }
  }

  /** Runs a method for what it does to its arguments. */
  public void run() {
    result().close();
  }

  private IValue result() {
    try {
      return ScriptCall.run(module, method, arguments.toArray(IValue[]::new));
    } finally {
      arguments.forEach(IValue::close);
    }
  }
}
