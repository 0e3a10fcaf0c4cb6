package dev.autoloss.trainer.detector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.api.Backbone;
import dev.autoloss.api.Compatibility;
import dev.autoloss.api.Norm;
import dev.autoloss.api.Style;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyLayoutTest {
  @ParameterizedTest
  @CsvSource({
    "FROZEN_BN, PYTORCH, PUBLISHED, true",
    "FROZEN_BN, CAFFE, PUBLISHED, false",
    "FROZEN_BN, PYTORCH, TORCHVISION, false",
    "BN, CAFFE, PUBLISHED, true",
    "GN, PYTORCH, TORCHVISION, true"
  })
  void frozenScalesAndShiftsAreTrainedWhereTheReferenceTrainsThem(
      Norm norm, Style style, Compatibility compatibility, boolean trained) {
    var layout = new BodyLayout(Backbone.RESNET_50, style, norm, 1, 64, compatibility);
    assertEquals(trained, layout.trainsAffine());
  }
}
