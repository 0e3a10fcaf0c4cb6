package dev.autoloss.loss;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.autoloss.loss");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.autoloss.loss.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void theModuleKnowsTheJdkOnly() {
    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.autoloss.loss..", "java..", "javax.imageio", "org.jspecify.annotations")
        .check(classes);
  }
}
