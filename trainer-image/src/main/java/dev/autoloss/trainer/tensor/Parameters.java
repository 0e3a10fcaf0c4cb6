package dev.autoloss.trainer.tensor;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The tensors of a network, by name: trained ones with their momentum, and fixed ones. */
public final class Parameters {
  /**
   * Tensors that are updated alike.
   *
   * @param rateFactor factor of the learning rate
   * @param decayFactor factor of the weight decay
   */
  private record Rule(double rateFactor, double decayFactor) {}

  private static final Rule WEIGHT = new Rule(1, 1);
  private static final Rule CONVOLUTION_BIAS = new Rule(2, 0);

  private final Torch torch;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> trained = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> momentum = new LinkedHashMap<>();
  private final SequencedMap<Rule, List<Tensor>> members = new LinkedHashMap<>();
  private final SequencedMap<Rule, List<Tensor>> momenta = new LinkedHashMap<>();
  private boolean gradientsStay;

  /**
   * Starts without parameters.
   *
   * @param torch where they live; no step may be open while parameters are added
   */
  public Parameters(Torch torch) {
    this.torch = torch;
  }

  /**
   * Adds a parameter that the learning rate and the weight decay apply to as they are.
   *
   * @param name not used before
   * @param values row-major
   * @param shape sizes
   * @return the parameter
   */
  public Tensor weight(String name, float[] values, long... shape) {
    return add(WEIGHT, name, values, shape);
  }

  /**
   * Adds the bias of a convolution, which has twice the learning rate and no weight decay: the
   * recipe of FCOS.
   *
   * @param name not used before
   * @param values row-major
   * @return the parameter
   */
  public Tensor convolutionBias(String name, float[] values) {
    return add(CONVOLUTION_BIAS, name, values, values.length);
  }

  /**
   * Adds a tensor that is not trained: a frozen weight, or moments of a normalisation.
   *
   * @param name not used before
   * @param values row-major
   * @param shape sizes
   * @return the tensor
   */
  public Tensor fixed(String name, float[] values, long... shape) {
    return named(name, torch.tensor(values, shape));
  }

  private Tensor named(String name, Tensor tensor) {
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException("two parameters named " + name);
    }
    return tensor;
  }

  private Tensor add(Rule rule, String name, float[] values, long... shape) {
    Tensor tensor = torch.trained(named(name, torch.tensor(values, shape)));
    Tensor zeros = torch.full(0, shape);
    trained.put(name, tensor);
    momentum.put(name, zeros);
    members.computeIfAbsent(rule, _ -> new ArrayList<>()).add(tensor);
    momenta.computeIfAbsent(rule, _ -> new ArrayList<>()).add(zeros);
    return tensor;
  }

  /**
   * All tensors, trained or not.
   *
   * @return by name, in the order in which they were added
   */
  public SequencedMap<String, Tensor> all() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  /**
   * The tensors that are trained.
   *
   * @return by name, in the order in which they were added
   */
  public SequencedMap<String, Tensor> trained() {
    return Collections.unmodifiableSequencedMap(trained);
  }

  /**
   * The momentum of each trained tensor.
   *
   * @return by the tensor's name, in the order in which they were added
   */
  public SequencedMap<String, Tensor> momentum() {
    return Collections.unmodifiableSequencedMap(momentum);
  }

  /**
   * Tells whether what is computed now is trained on.
   *
   * @return whether the innermost open step keeps the graph of gradients
   */
  public boolean areTrained() {
    return JniUtils.isGradMode();
  }

  /**
   * Replaces the numbers of a tensor: of one of these, or of a momentum.
   *
   * @param tensor where
   * @param values row-major, as many as it has
   */
  public void put(Tensor tensor, float[] values) {
    try (Step _ = torch.step(false)) {
      torch.call("copy_numbers").with(tensor).with(torch.tensor(values, tensor.shape())).run();
    }
  }

  /**
   * Takes over the numbers of another network of the same kind, trained or not; momentum stays.
   *
   * @param other may live on another device
   */
  public void copyFrom(Parameters other) {
    try (Step _ = torch.step(false)) {
      torch
          .call("copy_all")
          .with(List.copyOf(tensors.values()))
          .with(List.copyOf(other.tensors.values()))
          .run();
    }
  }

  /**
   * Gives every trained tensor a gradient of zero that stays, so that those of other networks can
   * be added to it even where no loss of this one depends on the tensor.
   */
  public void keepGradients() {
    try (Step _ = torch.step(true)) {
      torch.backward(torch.call("nothing_of").with(List.copyOf(trained.values())).tensor());
    }
    gradientsStay = true;
  }

  /**
   * Adds the gradients of another network of the same kind to these, and sets those to zero; both
   * keep their gradients.
   *
   * @param other may live on another device
   */
  public void addGradients(Parameters other) {
    try (Step _ = torch.step(false)) {
      torch
          .call("add_all")
          .with(gradients(List.copyOf(trained.values())))
          .with(gradients(List.copyOf(other.trained.values())))
          .run();
    }
  }

  /**
   * The norm of all gradients together.
   *
   * @return at least 0; NaN or infinite if a gradient is
   */
  public double gradientNorm() {
    try (Step _ = torch.step(false)) {
      List<Tensor> gradients = gradients(List.copyOf(trained.values()));
      return torch.call("norm").with(gradients).tensor().floats()[0];
    }
  }

  /**
   * Moves every parameter against its gradient, as {@code torch.optim.SGD} does with momentum; the
   * next backward pass starts from gradients of zero.
   *
   * @param rate learning rate
   * @param momentum share of the last movement that is kept
   * @param decay L2 penalty
   * @param scale factor of the gradients
   */
  public void descend(double rate, double momentum, double decay, double scale) {
    try (Step _ = torch.step(false)) {
      members.forEach(
          (rule, tensors) -> {
            List<Tensor> gradients = gradients(tensors);
            if (scale != 1) {
              torch.call("scale_numbers").with(gradients).with(scale).run();
            }
            torch
                .call("sgd")
                .with(tensors)
                .with(gradients)
                .with(momenta.getOrDefault(rule, List.of()))
                .with(rate * rule.rateFactor())
                .with(decay * rule.decayFactor())
                .with(momentum)
                .run();
            if (gradientsStay) {
              torch.call("zero_numbers").with(gradients).run();
            }
          });
    }
    if (!gradientsStay) {
      trained.values().forEach(Tensor::forgetGradient);
    }
  }

  private List<Tensor> gradients(List<Tensor> of) {
    return of.stream().map(torch::gradient).toList();
  }
}
