package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Outcome;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminationMessageTest {
  private static final String HASH = "h";

  static String scored(String hash, long seed, String ap) {
    return ("{'outcome':'Scored','specHash':'%s','seed':%d,'dataDigest':'d','metrics':{'AP':%s,"
            + "'AP50':0.6,'AP75':0.3,'APs':0.1,'APm':0.2,'APl':-1,'AR1':0.1,'AR10':0.2,"
            + "'AR100':0.3,'ARs':0.1,'ARm':0.2,'ARl':-1},'seconds':12.5,'device':'cpu'}")
        .formatted(hash, seed, ap)
        .replace('\'', '"');
  }

  @Test
  void aResultOfTheTrainingIsValid() {
    var valid =
        assertInstanceOf(
            TerminationMessage.Valid.class,
            TerminationMessage.read(scored(HASH, 7, "0.25") + "\n", HASH, 7));
    assertEquals(Outcome.SCORED, valid.result().outcome());
    assertEquals(0.25, valid.result().metrics().ap());
    assertEquals("cpu", valid.result().device());
  }

  @Test
  void fieldsOfANewerTrainerAreNoFault() {
    String message = scored(HASH, 7, "0.25").replace("\"device\"", "\"new\":[1],\"device\"");
    assertInstanceOf(TerminationMessage.Valid.class, TerminationMessage.read(message, HASH, 7));
  }

  @Test
  void aDivergedTrainingNeedsNoMetrics() {
    String message =
        "{\"outcome\":\"Diverged\",\"specHash\":\"h\",\"seed\":7,\"dataDigest\":\"d\",\"seconds\":1,"
            + "\"device\":\"cpu\",\"message\":\"loss is NaN at step 3\"}";
    var valid =
        assertInstanceOf(TerminationMessage.Valid.class, TerminationMessage.read(message, HASH, 7));
    assertEquals(Outcome.DIVERGED, valid.result().outcome());
  }

  @ParameterizedTest
  @CsvSource({
    "other, 7, 0.25, specHash",
    "h, 8, 0.25, seed",
    "h, 7, 1.25, metrics",
    "h, 7, -0.5, metrics",
    "h, 7, -1, AP",
    "h, 7, null, ap",
    "h, 7, 1e999, metrics",
  })
  void whatIsNotToBeBelievedSaysWhy(String hash, long seed, String ap, String field) {
    var invalid =
        assertInstanceOf(
            TerminationMessage.Invalid.class,
            TerminationMessage.read(scored(hash, seed, ap), HASH, 7));
    assertTrue(
        invalid.fault().toLowerCase(Locale.ROOT).contains(field.toLowerCase(Locale.ROOT)),
        invalid.fault());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"outcome\":\"Lost\",\"specHash\":\"h\",\"seed\":7,\"seconds\":1}",
        "{\"specHash\":\"h\",\"seed\":7,\"seconds\":1}",
        "{\"outcome\":\"Scored\",\"specHash\":\"h\",\"seed\":7,\"seconds\":1}",
        "{\"outcome\":\"Won\",\"specHash\":\"h\",\"seed\":7,\"seconds\":1}",
        "{\"outcome\":",
        "{}"
      })
  void halfAResultIsNone(String message) {
    assertInstanceOf(TerminationMessage.Invalid.class, TerminationMessage.read(message, HASH, 7));
  }

  @Test
  void otherTextIsALineForAPerson() {
    var line =
        assertInstanceOf(
            TerminationMessage.Line.class,
            TerminationMessage.read("\n  annotations/train.json: not COCO\n  at …", HASH, 7));
    assertEquals("annotations/train.json: not COCO", line.text());
    assertEquals(new TerminationMessage.Line(""), TerminationMessage.read(null, HASH, 7));
    var hostile =
        assertInstanceOf(
            TerminationMessage.Line.class, TerminationMessage.read("x".repeat(100_000), HASH, 7));
    assertEquals(TerminationMessage.LONGEST_LINE, hostile.text().length());
  }
}
