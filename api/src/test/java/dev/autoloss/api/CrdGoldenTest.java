package dev.autoloss.api;

import io.fabric8.crdv2.generator.CRDGenerator;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CrdGoldenTest {
  @Test
  void show() throws Exception {
    Path out = Path.of("target", "crds");
    Files.createDirectories(out);
    new CRDGenerator()
        .customResourceClasses(LossSearch.class, DetectorTraining.class)
        .inOutputDir(out.toFile())
        .generate();
  }
}
