package dev.autoloss.trainer.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.autoloss.trainer.mask.RunLengths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the boxes of a COCO file, and where they are asked for the masks, one element at a time,
 * and checks each; what else the file holds is skipped.
 */
public final class CocoReader {
  // NaN is let through here so that it is refused with the name of its field, not as bad syntax.
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  static final long MAX_PIXELS = 100_000_000;
  private static final Set<String> WANTED =
      Set.of(
          "id",
          "file_name",
          "width",
          "height",
          "name",
          "image_id",
          "category_id",
          "bbox",
          "area",
          "iscrowd",
          "score",
          "segmentation");

  private final String file;
  private final boolean masks;
  private final Map<String, List<CocoElement>> small = new HashMap<>();
  private final List<CocoAnnotation> annotations = new ArrayList<>();
  private final Set<Long> annotationIds = new HashSet<>();
  private final List<Reference> references = new ArrayList<>();

  /** What an annotation points to, checked when all arrays are read: they come in any order. */
  private record Reference(
      CocoElement element, long categoryId, Optional<CocoSegmentation> segmentation) {}

  private CocoReader(String file, boolean masks) {
    this.file = file;
    this.masks = masks;
  }

  /**
   * Reads a file of ground truth.
   *
   * @param path the file
   * @param shownName how messages name it
   * @return its images and boxes
   * @throws DataException if it is missing or not COCO, or an element is wrong: a box without area
   *     or outside of its image, a field that is missing, an id that is unknown or given twice, a
   *     file name that leaves its folder
   */
  public static CocoDataset read(Path path, String shownName) {
    return new CocoReader(shownName, false).readObject(path);
  }

  /**
   * Reads a file of ground truth with the masks of its objects.
   *
   * @param path the file
   * @param shownName how messages name it
   * @return its images, boxes and masks
   * @throws DataException as {@link #read}, and if an object has no mask or a wrong one
   */
  public static CocoDataset readMasks(Path path, String shownName) {
    return new CocoReader(shownName, true).readObject(path);
  }

  /**
   * Reads a file that is a JSON array of objects, as COCO's results are.
   *
   * @param path the file
   * @param shownName how messages name it
   * @param each gets the elements in order
   * @throws DataException if it is missing or not such an array
   */
  static void readArray(Path path, String shownName, ElementVisitor each) {
    CocoReader reader = new CocoReader(shownName, true);
    reader.parse(
        path,
        parser -> {
          if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw new DataException(shownName + ": expected a JSON array of detections");
          }
          reader.elements(parser, "", each);
          if (parser.nextToken() != null) {
            throw new DataException(shownName + ": expected nothing behind the array");
          }
        });
  }

  /** Gets the elements of an array, one at a time. */
  @FunctionalInterface
  interface ElementVisitor {
    void visit(CocoElement element);
  }

  @FunctionalInterface
  private interface Parsing {
    void run(JsonParser parser) throws IOException;
  }

  private void parse(Path path, Parsing parsing) {
    if (!Files.isRegularFile(path)) {
      throw new DataException(file + ": expected a COCO JSON file, but there is no such file");
    }
    try (JsonParser parser = MAPPER.createParser(path.toFile())) {
      parsing.run(parser);
    } catch (JsonProcessingException syntax) {
      String where =
          Optional.ofNullable(syntax.getLocation())
              .map(l -> "line %d, column %d: ".formatted(l.getLineNr(), l.getColumnNr()))
              .orElse("");
      // What follows the colon is the parser's list of what it would have taken.
      String line = syntax.getOriginalMessage().lines().findFirst().orElse("").split(": ", 2)[0];
      throw new DataException(file + ": " + where + "expected JSON, but " + line);
    } catch (IOException unreadable) {
      throw new DataException(file + ": expected a readable file, but " + unreadable.getMessage());
    }
  }

  private CocoDataset readObject(Path path) {
    parse(path, this::topLevel);
    for (String name : List.of("images", "annotations", "categories")) {
      if (!small.containsKey(name)) {
        throw notCoco("%s is missing".formatted(name));
      }
    }
    List<CocoImage> images = images();
    Map<Long, Integer> labels = new HashMap<>();
    Categories categories = categories(labels);
    return new CocoDataset(file, categories, images, labelled(images, labels));
  }

  private void topLevel(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw notCoco("it is no object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "images", "categories", "annotations" -> array(parser, name);
        default -> parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw notCoco("there is more behind the object");
    }
  }

  private void array(JsonParser parser, String name) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw notCoco("%s is no array".formatted(name));
    }
    List<CocoElement> kept = new ArrayList<>();
    if (small.putIfAbsent(name, kept) != null) {
      throw notCoco("%s is given twice".formatted(name));
    }
    elements(parser, name, "annotations".equals(name) ? this::annotation : kept::add);
  }

  private void elements(JsonParser parser, String name, ElementVisitor each) throws IOException {
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      String path = "%s[%d]".formatted(name, i);
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new DataException("%s: %s: expected an object".formatted(file, path));
      }
      Map<String, JsonNode> fields = new HashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (WANTED.contains(field) && (masks || !field.equals("segmentation"))) {
          fields.put(field, value(parser));
        } else {
          parser.skipChildren();
        }
      }
      each.visit(new CocoElement(file, path, fields));
    }
  }

  /** Most fields are numbers, of which there are millions: the mapper's way takes its time. */
  private static JsonNode value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_FLOAT -> DoubleNode.valueOf(parser.getDoubleValue());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? MAPPER.readTree(parser)
              : LongNode.valueOf(parser.getLongValue());
      default -> MAPPER.readTree(parser);
    };
  }

  private void annotation(CocoElement element) {
    if (element.has("id") && !annotationIds.add(element.id("id"))) {
      throw element.expected(
          "id", "an id that no other annotation has, but %d has".formatted(element.id("id")));
    }
    double[] box = element.box("bbox");
    double area = element.area("area").orElse(box[2] * box[3]);
    boolean crowd = element.flag("iscrowd");
    long imageId = element.id("image_id");
    Optional<CocoSegmentation> segmentation =
        masks ? Optional.of(element.requiredSegmentation("segmentation")) : Optional.empty();
    CocoElement place = new CocoElement(file, element.path(), Map.of());
    references.add(new Reference(place, element.id("category_id"), segmentation));
    annotations.add(new CocoAnnotation(imageId, 0, box[0], box[1], box[2], box[3], area, crowd));
  }

  private List<CocoImage> images() {
    Set<Long> seen = new HashSet<>();
    List<CocoImage> images = new ArrayList<>();
    for (CocoElement element : small.getOrDefault("images", List.of())) {
      long id = element.id("id");
      if (!seen.add(id)) {
        throw element.expected("id", "an id that no other image has, but %d has".formatted(id));
      }
      String name = element.text("file_name");
      if (!RelativePath.staysBelow(name)) {
        throw element.expected("file_name", "a path below the images, but it is " + name);
      }
      int width = element.pixels("width");
      int height = element.pixels("height");
      if ((long) width * height > MAX_PIXELS) {
        throw element.expected("width", "an image of at most %d pixels".formatted(MAX_PIXELS));
      }
      images.add(new CocoImage(id, name, width, height));
    }
    images.sort(Comparator.comparingLong(CocoImage::id));
    return images;
  }

  private Categories categories(Map<Long, Integer> labels) {
    record Category(long id, String name) {}
    List<Category> found = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (CocoElement element : small.getOrDefault("categories", List.of())) {
      Category category = new Category(element.id("id"), element.text("name"));
      if (!seen.add(category.id())) {
        throw element.expected(
            "id", "an id that no other category has, but %d has".formatted(category.id()));
      }
      found.add(category);
    }
    if (found.isEmpty()) {
      throw notCoco("categories is empty");
    }
    found.sort(Comparator.comparingLong(Category::id));
    found.forEach(category -> labels.put(category.id(), labels.size()));
    return new Categories(
        found.stream().map(Category::id).toList(), found.stream().map(Category::name).toList());
  }

  private List<CocoAnnotation> labelled(List<CocoImage> images, Map<Long, Integer> labels) {
    Map<Long, CocoImage> byId = new HashMap<>();
    images.forEach(image -> byId.put(image.id(), image));
    List<CocoAnnotation> labelled = new ArrayList<>(annotations.size());
    for (int i = 0; i < annotations.size(); i++) {
      Reference reference = references.get(i);
      Integer label = labels.get(reference.categoryId());
      CocoAnnotation a = annotations.get(i);
      CocoImage image = byId.get(a.imageId());
      if (image == null) {
        throw unknown(i, "image_id", "images", a.imageId());
      }
      if (label == null) {
        throw unknown(i, "category_id", "categories", reference.categoryId());
      }
      if (!meets(a, image)) {
        throw reference
            .element()
            .expected(
                "bbox",
                "a box that meets its image of %d × %d pixels, but it is [%s, %s, %s, %s]"
                    .formatted(image.width(), image.height(), a.x(), a.y(), a.width(), a.height()));
      }
      Optional<RunLengths> mask =
          reference.segmentation().map(s -> reference.element().mask("segmentation", s, image));
      labelled.add(
          new CocoAnnotation(
              a.imageId(), label, a.x(), a.y(), a.width(), a.height(), a.area(), a.crowd(), mask));
    }
    return labelled;
  }

  private static boolean meets(CocoAnnotation object, CocoImage image) {
    return object.x() < image.width()
        && object.y() < image.height()
        && object.x() + object.width() > 0
        && object.y() + object.height() > 0;
  }

  private DataException unknown(int index, String field, String array, long id) {
    return new DataException(
        "%s: annotations[%d].%s: expected an id of %s, but none has %d"
            .formatted(file, index, field, array, id));
  }

  private DataException notCoco(String found) {
    return new DataException(
        "%s: expected a COCO object with the arrays images, annotations and categories, but %s"
            .formatted(file, found));
  }
}
