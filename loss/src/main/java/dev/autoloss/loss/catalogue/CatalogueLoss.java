package dev.autoloss.loss.catalogue;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A loss that has a name.
 *
 * <p>In the closed forms {@code x} is a logit, {@code s = σ(x)}, {@code y} the label, {@code w} the
 * overlap of prediction and ground truth, {@code i, u, e} the areas of intersection, union and
 * enclosing box.
 *
 * @see <a href="https://github.com/PerdonLiu/CSE-Autoloss">the published code</a>
 */
@SuppressWarnings("Immutable") // Expression is a tree of records; the checker can't see that.
public enum CatalogueLoss {
  /** Softmax cross-entropy, {@code −Σ y log softmax(x)}; {@code w} is not used. */
  CROSS_ENTROPY("CrossEntropy", Branch.TWO_STAGE, "Neg(Dot(Y,Log(Softmax(X))))"),
  /**
   * Cross-entropy weighted by the overlap, {@code −Σ w y log softmax(x)}: the two-stage loss that
   * the published search starts from.
   */
  CEI("CEI", Branch.TWO_STAGE, "Neg(Dot(Mul(Z,Y),Log(Softmax(X))))"),
  /**
   * Poly-1 of cross-entropy, {@code −log p + ε₁ (1 − p)} with {@code p = Σ y softmax(x)} and {@code
   * ε₁ = 1}; Leng et al., ICLR 2022. {@code ε₁} is the paper's one knob: it stands as the constant
   * of the product, for tuning.
   */
  POLY1("Poly1", Branch.TWO_STAGE, "Sub(Mul(1,Sub(1,Dot(Y,Softmax(X)))),Dot(Y,Log(Softmax(X))))"),
  /** CSE-Autoloss-A, {@code −Σ (1 + sin w) y log softmax(x)}; Liu et al., ICLR 2021, verbatim. */
  CSE_A_CLASSIFICATION(
      "CseAClassification", Branch.TWO_STAGE, "Neg(Dot(Mul(Y,Add(1,Sin(Z))),Log(Softmax(X))))"),
  /**
   * Sigmoid focal loss with γ = 2, {@code −y (1 − s)² log s − (1 − y) s² log(1 − s)}; Lin et al.,
   * ICCV 2017. Without α: the detector applies its α-balance to every one-stage loss. Written with
   * {@code Softplus}, {@code −log s = log(1 + exp(−x))}, to be exact for large logits too.
   */
  FOCAL(
      "Focal",
      Branch.ONE_STAGE,
      "Add(Mul(PY,Mul(Mul(Sig(Neg(X)),Sig(Neg(X))),Softplus(Neg(X)))),"
          + "Mul(NY,Mul(Mul(Sig(X),Sig(X)),Softplus(X))))"),
  /**
   * Focal loss with overlap, {@code −w y (1 − s) log s − (s − w y) s log(1 − s)}: the one-stage
   * loss that the published search starts from. A positive at {@code w = 1} has its minimum at
   * {@code s ≈ 0.85}, not at 1; from there to 1 the loss rises by 0.22.
   */
  FLI(
      "FLI",
      Branch.ONE_STAGE,
      "Neg(Add(Mul(Q,Mul(Sub(1,Sig(X)),Log(Sig(X)))),"
          + "Mul(Sub(Sig(X),Q),Mul(Sig(X),Log(Sub(1,Sig(X)))))))"),
  /**
   * Quality focal loss with β = 2, {@code −|q − s|² ((1 − q) log(1 − s) + q log s)} with {@code q =
   * w y}; Li et al., Generalized Focal Loss, NeurIPS 2020. The original has no α, but the
   * detector's α-balance applies to it as to every one-stage loss. Logarithms as {@code Softplus},
   * to be exact for large logits.
   */
  QFL(
      "QFL",
      Branch.ONE_STAGE,
      "Mul(Mul(Sub(Q,Sig(X)),Sub(Q,Sig(X))),"
          + "Add(Mul(Sub(1,Q),Softplus(X)),Mul(Q,Softplus(Neg(X)))))"),
  /**
   * Varifocal loss with α = 0.75 and γ = 2, {@code −q (q log s + (1 − q) log(1 − s))} for
   * positives, {@code −α s² log(1 − s)} for negatives, with {@code q = w y}; Zhang et al.,
   * VarifocalNet, CVPR 2021. The detector's α-balance applies on top. Logarithms as {@code
   * Softplus}, to be exact for large logits.
   */
  VFL(
      "VFL",
      Branch.ONE_STAGE,
      "Add(Mul(Q,Add(Mul(Q,Softplus(Neg(X))),Mul(Sub(1,Q),Softplus(X)))),"
          + "Mul(0.75,Mul(NY,Mul(Mul(Sig(X),Sig(X)),Softplus(X)))))"),
  /**
   * CSE-Autoloss-B, {@code −w y (1 + erf_s(σ(1 − y))) log s − (gd_s(x) − w y)(s − w y) log(1 − s)}
   * with the S-curves {@code Serf} and {@code Sgdf}; Liu et al., ICLR 2021, verbatim.
   */
  CSE_B_CLASSIFICATION(
      "CseBClassification",
      Branch.ONE_STAGE,
      "Neg(Add(Mul(Q,Mul(Add(1,Serf(Sig(NY))),Log(Sig(X)))),Mul(Add(Sgdf(X),Neg(Q)),"
          + "Mul(Add(Add(1,Neg(Q)),Neg(Add(1,Neg(Sig(X))))),Log(Add(1,Neg(Sig(X))))))))"),
  /** {@code |Δ|} of the encoded box offsets: built in, as it is no function of areas. */
  L1("L1", Branch.REGRESSION, ""),
  /** As {@link #L1}, but {@code 4.5 Δ²} below 1/9 and {@code |Δ| − 1/18} above: built in. */
  SMOOTH_L1("SmoothL1", Branch.REGRESSION, ""),
  /**
   * {@code 1 − i/u + ρ²/c²} with the distance ρ of the centres and the diagonal c of the enclosing
   * box; Zheng et al., AAAI 2020: built in.
   */
  DIOU("DIoU", Branch.REGRESSION, ""),
  /** As {@link #DIOU}, plus a term of the aspect ratios; Zheng et al., AAAI 2020: built in. */
  CIOU("CIoU", Branch.REGRESSION, ""),
  /** {@code 1 − i/u}. */
  IOU("IoU", Branch.REGRESSION, "Sub(1,Div(I,U))"),
  /** {@code 1 − (i/u − (e − u)/e)}; Rezatofighi et al., CVPR 2019. */
  GIOU("GIoU", Branch.REGRESSION, "Sub(1,Sub(Div(I,U),Div(Sub(E,U),E)))"),
  /** α-IoU with α = 3, {@code 1 − (i/u)³}; He et al., Alpha-IoU, NeurIPS 2021. */
  ALPHA_IOU("AlphaIoU", Branch.REGRESSION, "Sub(1,Mul(Div(I,U),Mul(Div(I,U),Div(I,U))))"),
  /**
   * CSE-Autoloss-A, {@code (1 − i/u) + (1 − (i + 2)/e)}; Liu et al., ICLR 2021, verbatim. Not free
   * of scale: areas are pixels.
   */
  CSE_A_REGRESSION(
      "CseARegression",
      Branch.REGRESSION,
      "Add(1,Neg(Add(Div(I,U),Neg(Div(Add(E,Neg(Add(I,2))),E)))))"),
  /**
   * CSE-Autoloss-B, {@code (3eu + 12e + 3i + 3u + 18)/(−3eu + iu + u² − 15e + 5i + 5u)}, negative
   * everywhere; Liu et al., ICLR 2021, verbatim. Not free of scale: areas are squared strides.
   */
  CSE_B_REGRESSION(
      "CseBRegression",
      Branch.REGRESSION,
      "Neg(Div(Add(Div(Neg(Add(Neg(E),Add(1,I))),Neg(Add(3,Add(2,U)))),"
          + "Add(Div(E,E),Div(Neg(E),Neg(1)))),"
          + "Neg(Add(Div(Neg(Add(U,Div(I,1))),Neg(3)),Neg(E)))))");

  private final String label;
  private final Branch branch;
  private final Optional<Expression> expression;

  CatalogueLoss(String label, Branch branch, String text) {
    this.label = label;
    this.branch = branch;
    this.expression =
        text.isEmpty() ? Optional.empty() : Optional.of(ExpressionParser.parse(text, branch));
  }

  /**
   * The name in documents and on the command line.
   *
   * @return for example {@code CrossEntropy}
   */
  public String label() {
    return label;
  }

  /**
   * The branch that the loss is for.
   *
   * @return one branch: no loss of the catalogue fits two
   */
  public Branch branch() {
    return branch;
  }

  /**
   * The loss in the language.
   *
   * @return empty for a built-in loss
   */
  public Optional<Expression> expression() {
    return expression;
  }

  /**
   * Finds a loss by its name.
   *
   * @param label as {@link #label()} gives it, case-sensitive
   * @return empty if there is none of that name
   */
  public static Optional<CatalogueLoss> named(String label) {
    return Stream.of(values()).filter(loss -> loss.label.equals(label)).findFirst();
  }

  /**
   * The losses of a branch, built-in ones included.
   *
   * @param branch the branch
   * @return in the order of declaration, never empty
   */
  public static List<CatalogueLoss> of(Branch branch) {
    return Stream.of(values()).filter(loss -> loss.branch == branch).toList();
  }
}
