package dev.autoloss.trainer.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.trainer.fit.DocumentException;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a training document: nothing is guessed and nothing is left out. Fields, types and ranges
 * are those that the records of the resources state, as in the cluster's schema.
 */
final class TrainingDocumentReader {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Integer,
              config -> config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
          .build();

  /** Quantities are read as trees of their own, behind which the rest of the document trails. */
  private static final JsonMapper BINDER =
      MAPPER.rebuild().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private TrainingDocumentReader() {}

  /**
   * Reads a document.
   *
   * @param json its text
   * @param source how messages name it
   * @throws DocumentException if it is none, a field is missing, unknown or out of range, or the
   *     hash is not that of the spec
   */
  static TrainingDocument read(String json, String source) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      TrainingDocument document = BINDER.treeToValue(tree, TrainingDocument.class);
      if (document == null) {
        throw new DocumentException(source + ": expected a JSON object, but it is empty");
      }
      checkRecord(document, tree, source + ": ");
      String hash = SpecHash.of(document.spec());
      if (!hash.equals(document.specHash())) {
        throw new DocumentException(
            "%s: specHash: expected the hash of the spec, %s, but it is %s"
                .formatted(source, hash, document.specHash()));
      }
      return document;
    } catch (JsonMappingException wrong) {
      throw new DocumentException(
          "%s: %s: %s".formatted(source, path(wrong), firstLine(wrong.getOriginalMessage())));
    } catch (JsonProcessingException syntax) {
      throw new DocumentException(
          "%s: line %d, column %d: expected JSON, but %s"
              .formatted(
                  source,
                  syntax.getLocation().getLineNr(),
                  syntax.getLocation().getColumnNr(),
                  firstLine(syntax.getOriginalMessage())));
    }
  }

  private static String firstLine(String message) {
    // What follows a colon is the parser's advice to programmers.
    return message.lines().findFirst().orElse("").split(": ", 2)[0];
  }

  private static String path(JsonMappingException wrong) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : wrong.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.isEmpty() ? "document" : path.toString();
  }

  private static void checkRecord(Object value, JsonNode tree, String prefix) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      String name =
          Optional.ofNullable(component.getAccessor().getAnnotation(JsonProperty.class))
              .map(JsonProperty::value)
              .orElse(component.getName());
      JsonNode field = tree.path(name);
      if (!field.isMissingNode() && !field.isNull()) {
        checkValue(component, valueOf(component, value), field, prefix + name);
      } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        throw new DocumentException(prefix + name + ": expected a value, but there is none");
      }
    }
  }

  private static Object valueOf(RecordComponent component, Object owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void checkValue(
      RecordComponent component, Object value, JsonNode field, String path) {
    if (value instanceof Number number) {
      checkRange(component, number.doubleValue(), field, path);
    }
    Size size = component.getAccessor().getAnnotation(Size.class);
    int length = field.isTextual() ? field.textValue().length() : field.size();
    if (size != null && (length < size.min() || length > size.max())) {
      throw outside(
          path + ": length", (double) size.min(), (double) size.max(), Integer.toString(length));
    }
    if (value instanceof List<?> list && list.contains(null)) {
      throw new DocumentException(path + ": expected no null among its elements");
    }
    if (value instanceof Record) {
      checkRecord(value, field, path + ".");
    }
  }

  private static void checkRange(
      RecordComponent component, double found, JsonNode field, String path) {
    Min least = component.getAccessor().getAnnotation(Min.class);
    Max most = component.getAccessor().getAnnotation(Max.class);
    double lower = least == null ? Double.NEGATIVE_INFINITY : least.value();
    double upper = most == null ? Double.POSITIVE_INFINITY : most.value();
    // Written so that NaN is refused.
    if (!(found >= lower && found <= upper)) {
      throw outside(path, lower, upper, field.asText());
    }
  }

  private static DocumentException outside(String path, double lower, double upper, String found) {
    return new DocumentException(
        "%s: expected at least %s and at most %s, but it is %s"
            .formatted(path, plain(lower), plain(upper), found));
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
