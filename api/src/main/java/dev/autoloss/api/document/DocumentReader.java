package dev.autoloss.api.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads a LossSearch or a DetectorTraining from a YAML file. */
public final class DocumentReader {
  private static final int MOST_BYTES = 3 << 20;
  private static final String GROUP = "autoloss.dev/";
  private static final String VERSION = "v1alpha1";
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private DocumentReader() {}

  /**
   * Reads a file. Other resources in it, a Namespace for example, are left alone.
   *
   * @param file YAML, at most 3 MiB as an API server takes it, at most 262,144 characters in a
   *     line, with one LossSearch or DetectorTraining
   * @return the resource, its defaults applied
   * @throws DocumentException with a line for each mistake
   */
  public static Document read(Path file) throws DocumentException {
    return read(file.toString(), text(file));
  }

  /**
   * Reads a text.
   *
   * @param source how messages name it
   * @param text YAML with one LossSearch or DetectorTraining
   * @return the resource, its defaults applied
   * @throws DocumentException with a line for each mistake
   */
  public static Document read(String source, String text) throws DocumentException {
    List<YamlTree.Read> all = YamlTree.read(source, text);
    List<YamlTree.Read> documents = all.stream().filter(one -> !isEmpty(one.tree())).toList();
    List<YamlTree.Read> ours = documents.stream().filter(DocumentReader::isOurs).toList();
    if (documents.isEmpty()) {
      throw new DocumentException(
          List.of(source + ": expected a LossSearch or DetectorTraining, the file is empty"));
    }
    if (documents.size() == 1) {
      return read(documents.getFirst());
    }
    if (ours.size() != 1) {
      throw new DocumentException(
          List.of(source + ": expected one LossSearch or DetectorTraining, found " + ours.size()));
    }
    return read(ours.getFirst());
  }

  /**
   * The CRDs of both resources, as JSON.
   *
   * @return LossSearch and DetectorTraining
   */
  public static List<JsonNode> customResourceDefinitions() {
    return List.of(crd("LossSearch"), crd("DetectorTraining"));
  }

  static JsonNode crd(String kind) {
    String name = "/crds/" + (kind.equals("LossSearch") ? "losssearches" : "detectortrainings");
    try (InputStream stream =
        DocumentReader.class.getResourceAsStream(name + ".autoloss.dev.yaml")) {
      if (stream == null) {
        throw new IllegalStateException("the CRD of " + kind + " is not packed");
      }
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return YamlTree.read(kind, text).getFirst().tree();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (DocumentException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean isEmpty(JsonNode tree) {
    return tree.isNull() || tree.isMissingNode();
  }

  private static boolean isOurs(YamlTree.Read document) {
    return document.tree().path("apiVersion").asText().startsWith(GROUP);
  }

  private static String text(Path file) throws DocumentException {
    try {
      if (Files.isDirectory(file)) {
        throw new DocumentException(List.of(file + ": expected a YAML file, it is a folder"));
      }
      byte[] bytes;
      try (InputStream stream = Files.newInputStream(file)) {
        bytes = stream.readNBytes(MOST_BYTES + 1);
      }
      if (bytes.length > MOST_BYTES) {
        throw new DocumentException(List.of(file + ": expected at most 3 MiB"));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException binary) {
      throw new DocumentException(List.of(file + ": expected UTF-8 text"));
    } catch (AccessDeniedException denied) {
      throw new DocumentException(List.of(file + ": can't be read: access denied"));
    } catch (IOException missing) {
      throw new DocumentException(
          List.of(
              file
                  + (Files.exists(file)
                      ? ": can't be read: " + missing.getMessage()
                      : ": expected a YAML file, there is none")));
    }
  }

  private static Document read(YamlTree.Read document) throws DocumentException {
    Places places = document.places();
    if (!(document.tree() instanceof ObjectNode resource)) {
      throw mistakes(
          places,
          List.of(new Mistake("", "expected a LossSearch or DetectorTraining as an object")));
    }
    checkKind(resource, places);
    boolean search = resource.get("kind").textValue().equals("LossSearch");
    StructuralSchema schema =
        StructuralSchema.of(crd(search ? "LossSearch" : "DetectorTraining"), VERSION);
    // What became of it elsewhere says nothing here.
    resource.remove("status");
    var found = new ArrayList<>(document.mistakes());
    Names.check(resource.path("metadata"), found);
    found.addAll(schema.unknownFields(resource));
    schema.applyDefaults(resource);
    found.addAll(schema.mistakes(resource));
    found.addAll(schema.duplicates(resource));
    JsonNode spec = resource.path("spec");
    found.addAll(search ? CrossFieldRules.ofSearch(spec) : CrossFieldRules.ofTraining(spec));
    if (!found.isEmpty()) {
      throw mistakes(places, found);
    }
    return bind(resource, search, places);
  }

  private static void checkKind(ObjectNode resource, Places places) throws DocumentException {
    String version = resource.path("apiVersion").asText();
    String kind = resource.path("kind").asText();
    var found = new ArrayList<Mistake>();
    if (!version.equals(GROUP + VERSION)) {
      found.add(new Mistake("apiVersion", expected(GROUP + VERSION, version)));
    }
    if (!kind.equals("LossSearch") && !kind.equals("DetectorTraining")) {
      found.add(new Mistake("kind", expected("LossSearch or DetectorTraining", kind)));
    }
    if (!found.isEmpty()) {
      throw mistakes(places, found);
    }
  }

  private static String expected(String what, String found) {
    return "expected " + what + ", found " + (found.isEmpty() ? "nothing" : found);
  }

  private static Document bind(ObjectNode resource, boolean search, Places places)
      throws DocumentException {
    // Names that an API server gives anew.
    ((ObjectNode) resource.get("metadata")).retain("name", "namespace", "labels", "annotations");
    try {
      return search
          ? new Document.Search(MAPPER.treeToValue(resource, LossSearch.class), places)
          : new Document.Training(MAPPER.treeToValue(resource, DetectorTraining.class), places);
    } catch (JsonProcessingException wrong) {
      String reason = wrong.getOriginalMessage().lines().findFirst().orElse("");
      throw new DocumentException(List.of(places.source() + ": " + reason));
    }
  }

  private static DocumentException mistakes(Places places, List<Mistake> found) {
    return new DocumentException(
        found.stream()
            .sorted(Comparator.comparingInt(mistake -> places.line(mistake.path())))
            .map(places::show)
            .distinct()
            .toList());
  }
}
