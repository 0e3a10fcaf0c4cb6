package dev.autoloss.trainer.tensor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForbiddenCallsTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.autoloss.trainer")
          .that(resideOutsideOfPackage("..violation.."));

  private static final JavaClasses VIOLATION =
      new ClassFileImporter().importPackages("dev.autoloss.trainer.violation");

  @Test
  void theTrainerMakesNone() {
    assertTrue(PROGRAM.size() > 20, "classes were found");
    ForbiddenCalls.NO_WRONG_GRADIENTS.check(PROGRAM);
    ForbiddenCalls.ONLY_ONE_DOOR.check(PROGRAM);
  }

  @Test
  void eachOneIsFound() {
    EvaluationResult result = ForbiddenCalls.NO_WRONG_GRADIENTS.evaluate(VIOLATION);
    List<String> found = result.getFailureReport().getDetails();
    for (String method :
        List.of(
            "scaled", "shifted", "raised", "cast", "copied", "clipped", "constant", "collector")) {
      assertEquals(
          1, found.stream().filter(line -> line.contains("." + method + "(")).count(), method);
    }
    assertTrue(ForbiddenCalls.ONLY_ONE_DOOR.evaluate(VIOLATION).hasViolation());
  }
}
