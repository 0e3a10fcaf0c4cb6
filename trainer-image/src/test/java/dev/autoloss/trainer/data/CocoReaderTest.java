package dev.autoloss.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CocoReaderTest {
  @TempDir Path folder;

  private static final String GOOD =
      """
      {"info": {"a": [1, {"b": 2}]},
       "annotations": [
        {"id": 1, "image_id": 5, "category_id": 7, "bbox": [1, 2.5, 3, 4], "iscrowd": 0, "segmentation": [[1, 2]]},
        {"id": 2, "image_id": 5, "category_id": 3, "bbox": [0, 0, 9, 9], "iscrowd": 1, "area": 11.5, "segmentation": {"counts": [1]}}],
       "categories": [{"id": 7, "name": "seven"}, {"id": 3, "name": "three"}],
       "images": [{"id": 9, "file_name": "sub/b.png", "width": 20, "height": 10},
                  {"id": 5, "file_name": "a.png", "width": 40, "height": 30}]}
      """;

  private CocoDataset read(String json) throws IOException {
    Path file = folder.resolve("x.json");
    Files.writeString(file, json);
    return CocoReader.read(file, "x.json");
  }

  @Test
  void readsBoxesWhateverTheOrderOfTheArrays() throws IOException {
    CocoDataset read = read(GOOD);
    assertEquals(new Categories(List.of(3L, 7L), List.of("three", "seven")), read.categories());
    assertEquals(
        List.of(new CocoImage(5, "a.png", 40, 30), new CocoImage(9, "sub/b.png", 20, 10)),
        read.images());
    assertEquals(
        List.of(
            new CocoAnnotation(5, 1, 1, 2.5, 3, 4, 12, false),
            new CocoAnnotation(5, 0, 0, 0, 9, 9, 11.5, true)),
        read.annotations());
  }

  @Test
  void readsWhatItWrites() throws IOException {
    CocoDataset first = read(GOOD);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CocoWriter.write(bytes, first);
    assertEquals(first, read(bytes.toString(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Test
  void readsIdsThatAreStringsOfDigits() throws IOException {
    assertEquals(5, read(GOOD.replace("\"id\": 5", "\"id\": \"5\"")).images().getFirst().id());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1, 2.5, 3, 4]|[1, 2.5, 0, 4]|annotations[0].bbox: expected a box with width and height above 0, but it is [1,2.5,0,4]",
        "[1, 2.5, 3, 4]|[1, 2.5, 3, -4]|annotations[0].bbox: expected a box with width and height above 0, but it is [1,2.5,3,-4]",
        "[1, 2.5, 3, 4]|[1, NaN, 3, 4]|annotations[0].bbox: expected four finite numbers x, y, width, height, but it is [1,\"NaN\",3,4]",
        "[1, 2.5, 3, 4]|[1, 1e999, 3, 4]|annotations[0].bbox: expected four finite numbers",
        "[1, 2.5, 3, 4]|[40, 2.5, 3, 4]|annotations[0].bbox: expected a box that meets its image of 40 × 30 pixels, but it is [40.0, 2.5, 3.0, 4.0]",
        "[1, 2.5, 3, 4]|[1, -4, 3, 4]|annotations[0].bbox: expected a box that meets its image of 40 × 30 pixels, but it is [1.0, -4.0, 3.0, 4.0]",
        "{\"id\": 2, |{\"id\": 1, |annotations[1].id: expected an id that no other annotation has, but 1 has",
        "[1, 2.5, 3, 4]|[1, 3, 4]|annotations[0].bbox: expected four finite numbers",
        "[1, 2.5, 3, 4]|[1, \"2\", 3, 4]|annotations[0].bbox: expected four finite numbers",
        "[1, 2.5, 3, 4]|null|annotations[0].bbox: expected four finite numbers x, y, width, height, but there is none",
        "\"bbox\": [0, 0, 9, 9]|\"box\": [0, 0, 9, 9]|annotations[1].bbox: expected four finite numbers x, y, width, height, but there is none",
        "\"image_id\": 5, \"category_id\": 3|\"image_id\": 6, \"category_id\": 3|annotations[1].image_id: expected an id of images, but none has 6",
        "\"category_id\": 3|\"category_id\": 4|annotations[1].category_id: expected an id of categories, but none has 4",
        "\"category_id\": 3|\"category_id\": 3.5|annotations[1].category_id: expected an integer, but it is 3.5",
        "\"id\": 9, |\"id\": 5, |images[1].id: expected an id that no other image has, but 5 has",
        "{\"id\": 3,|{\"id\": 7,|categories[1].id: expected an id that no other category has, but 7 has",
        "\"a.png\"|\"../a.png\"|images[1].file_name: expected a path below the images, but it is ../a.png",
        "\"a.png\"|\"b/../../a.png\"|images[1].file_name: expected a path below the images",
        "\"a.png\"|\"/etc/passwd\"|images[1].file_name: expected a path below the images",
        "\"a.png\"|\"..\\\\a.png\"|images[1].file_name: expected a path below the images",
        "\"a.png\"|\"C:\\\\a.png\"|images[1].file_name: expected a path below the images",
        "\"a.png\"|\"\"|images[1].file_name: expected a string that is not empty",
        "\"width\": 40|\"width\": 0|images[1].width: expected an integer above 0, but it is 0",
        "\"width\": 40|\"width\": 40.5|images[1].width: expected an integer above 0, but it is 40.5",
        "\"width\": 40, |``|images[1].width: expected an integer above 0, but there is none",
        "\"width\": 40|\"width\": 2000000000|images[1].width: expected an image of at most 100000000 pixels",
        "11.5|-1|annotations[1].area: expected a number of at least 0, but it is -1.0",
        "11.5|NaN|annotations[1].area: expected a finite number, but it is \"NaN\"",
        "\"iscrowd\": 1|\"iscrowd\": \"yes\"|annotations[1].iscrowd: expected 0 or 1, but it is \"yes\"",
        "\"categories\"|\"categorie\"|expected a COCO object with the arrays images, annotations and categories, but categories is missing",
        "\"info\"|\"images\"|expected a COCO object with the arrays images, annotations and categories, but images is no array",
        "{\"id\": 9, \"file_name\": \"sub/b.png\", \"width\": 20, \"height\": 10}|17|images[0]: expected an object",
        "\"annotations\": [|\"annotations\": [,|line 2, column 18: expected JSON, but Unexpected character (',' (code 44))",
      })
  void refusesWithTheField(String found, String replacement, String expected) throws IOException {
    assertTrue(GOOD.contains(found), "the case replaces something");
    String message =
        assertThrows(DataException.class, () -> read(GOOD.replace(found, replacement)))
            .getMessage();
    assertTrue(message.startsWith("x.json: " + expected), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void refusesWhatIsNoCoco() throws IOException {
    for (String text :
        List.of(
            "", "[]", "17", "{", "{}", "\0\1\2", "{\"images\":[],\"images\":[]}", GOOD + "{}")) {
      String message = assertThrows(DataException.class, () -> read(text)).getMessage();
      assertTrue(message.startsWith("x.json: "), message);
      assertEquals(1, message.lines().count(), message);
    }
    // A file that ends early, at any byte.
    for (int end = 0; end < GOOD.strip().length(); end += 7) {
      String cut = GOOD.substring(0, end);
      assertThrows(DataException.class, () -> read(cut));
    }
  }

  @Test
  void namesAMissingFile() {
    assertEquals(
        "a/b.json: expected a COCO JSON file, but there is no such file",
        assertThrows(DataException.class, () -> CocoReader.read(folder.resolve("none"), "a/b.json"))
            .getMessage());
  }

  @Test
  void pathsThatStayBelow() {
    for (String below : List.of("a", "a/b.png", "./a", "a/../b", ".", "a..b/c", "...")) {
      assertTrue(RelativePath.staysBelow(below), below);
    }
    for (String beyond : List.of("..", "a/../..", "/a", "\\a", "c:a", "a/../../a", "a\0b")) {
      assertFalse(RelativePath.staysBelow(beyond), beyond);
    }
  }
}
