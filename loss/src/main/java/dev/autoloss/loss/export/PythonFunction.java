package dev.autoloss.loss.export;

import java.util.Locale;

/** An operator that PyTorch lacks, or computes otherwise than the language says, in Python. */
enum PythonFunction {
  DIV(
      """
      def div(a, b):
          return a / (b + 1e-20)
      """),
  DOT(
      """
      def dot(a, b):
          return (a * b).sum(dim=-1, keepdim=True)
      """),
  EXP(
      """
      def exp(x):
          return torch.exp(x.clamp(max=88))
      """),
  LOG(
      """
      def log(x):
          return torch.log(x + 1e-20)
      """),
  LOG_SOFTMAX(
      """
      def log_softmax(x):
          # log(softmax(x) + 1e-20), without the rounding of softmax in between
          return torch.logaddexp(torch.log_softmax(x, dim=-1), x.new_tensor(1e-20).log())
      """),
  SOFTPLUS(
      """
      def softplus(x):
          # that of torch.nn.functional is cut off at 20
          return torch.logaddexp(x, torch.zeros_like(x))
      """),
  SERF(
      """
      def serf(x):
          # (erf(sqrt(pi) / 2 * x / 2) + 1) / 2, to all digits of small values
          return torch.erfc(-math.sqrt(math.pi) / 4 * x) / 2
      """),
  SERFC(
      """
      def serfc(x):
          # 1 - serf(x)
          return torch.erfc(math.sqrt(math.pi) / 4 * x) / 2
      """),
  SALF(
      """
      def salf(x):
          # (z / sqrt(1 + z^2) + 1) / 2 with z = x / 2, to all digits of small values
          z = x / 2
          root = torch.hypot(z, torch.ones_like(z))
          falling = 0.5 / (root * (root + z.clamp(min=0)))
          rising = 0.5 / (root * (root - z.clamp(max=0)))
          return torch.where(z > 0, 1 - falling, rising)
      """),
  SGDF(
      """
      def sgdf(x):
          # (2 / pi * gd(pi * x / 4) + 1) / 2 with gd(t) = 2 * atan(tanh(t / 2)), the same way
          t = math.pi / 4 * x
          falling = torch.atan(torch.exp(-t.clamp(min=0))) * 2 / math.pi
          rising = torch.atan(torch.exp(t.clamp(max=0))) * 2 / math.pi
          return torch.where(t > 0, 1 - falling, rising)
      """);

  private final String definition;

  PythonFunction(String definition) {
    this.definition = definition;
  }

  String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  String definition() {
    return definition;
  }
}
