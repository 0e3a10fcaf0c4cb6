package dev.autoloss.trainer.tensor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/** Calls of the tensor engine that give wrong gradients, leak or crash without a word. */
final class ForbiddenCalls {
  /**
   * On arrays: they cut the graph of gradients (toType, duplicate, toDense), are slow (clip), do
   * not accumulate (put), or open the collector that only one thread may have.
   */
  private static final Set<String> ON_ARRAYS =
      Set.of("toType", "duplicate", "toDense", "toSparse", "clip", "put", "batchDot", "where");

  /** In the engine's native door: bilinear interpolation ignores its arguments. */
  private static final Set<String> NATIVE =
      Set.of("interpolate", "clip", "to", "toDense", "sgdUpdate");

  static final ArchRule ONLY_ONE_DOOR =
      noClasses()
          .that()
          .resideInAPackage("dev.autoloss.trainer..")
          .and()
          .resideOutsideOfPackage("dev.autoloss.trainer.tensor..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..")
          .because("the engine has calls that give wrong gradients: ask tensor.Torch")
          .allowEmptyShould(true);

  static final ArchRule NO_WRONG_GRADIENTS =
      noClasses()
          .should()
          .accessTargetWhere(forbidden())
          .because("these calls give wrong gradients or cut the graph without a word");

  private ForbiddenCalls() {}

  private static DescribedPredicate<JavaAccess<?>> forbidden() {
    return DescribedPredicate.describe(
        "a call with a Java number, of a cast, a copy or a gradient collector",
        access ->
            access.getTarget() instanceof CodeUnitCallTarget call
                && (onArray(call) || onEngine(call)));
  }

  private static boolean onArray(CodeUnitCallTarget call) {
    return call.getOwner().isAssignableTo(NDArray.class)
        && (ON_ARRAYS.contains(call.getName())
            || call.getRawParameterTypes().stream()
                .anyMatch(parameter -> parameter.isEquivalentTo(Number.class)));
  }

  private static boolean onEngine(CodeUnitCallTarget call) {
    boolean collector =
        call.getOwner().isAssignableTo(GradientCollector.class)
            || call.getName().equals("newGradientCollector");
    List<JavaClass> parameters = call.getRawParameterTypes();
    boolean number =
        call.getOwner().isAssignableTo(NDManager.class)
            && call.getName().equals("create")
            && parameters.size() == 1
            && (parameters.getFirst().isPrimitive()
                || parameters.getFirst().isEquivalentTo(Number.class));
    boolean door =
        call.getOwner().getFullName().equals("ai.djl.pytorch.jni.JniUtils")
            && NATIVE.contains(call.getName());
    return collector || number || door;
  }
}
