package dev.autoloss.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.autoloss.operator");

  @Test
  void packagesHaveNoCycle() {
    slices().matching("dev.autoloss.operator.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theReconcilersDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("dev.autoloss.operator.training..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.autoloss.operator.losssearch..",
            "dev.autoloss.operator.ledger..",
            "dev.autoloss.search..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.autoloss.operator.losssearch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.autoloss.operator.training..")
        .check(CLASSES);
  }
}
