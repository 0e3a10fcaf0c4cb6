package dev.autoloss.operator.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links from one document to another, or into the project, lead somewhere. */
class LinksTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  @Test
  void everyRelativeLinkLeadsToAFile() throws IOException {
    var broken = new ArrayList<String>();
    int links = 0;
    for (Path document : documents()) {
      var found = LINK.matcher(Files.readString(document));
      while (found.find()) {
        String target = found.group(1);
        if (target.contains("://") || target.startsWith("mailto:")) {
          continue;
        }
        links++;
        String file = target.replaceFirst("#.*", "");
        Path there = file.isEmpty() ? document : document.resolveSibling(file);
        if (!Files.exists(there)) {
          broken.add(document + ": " + target);
        } else if (target.contains("#") && file.matches("|.*[.]md") && !heading(there, target)) {
          broken.add(document + ": " + target);
        }
      }
    }
    assertTrue(links > 20, "found only " + links + " links");
    assertEquals(List.of(), broken);
  }

  private static boolean heading(Path file, String target) throws IOException {
    String anchor = target.replaceFirst(".*#", "");
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ *", "").toLowerCase(java.util.Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .anyMatch(anchor::equals);
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              docs.filter(path -> path.toString().endsWith(".md")),
              Stream.of("README.md", "CONTRIBUTING.md", "helm/autoloss/README.md")
                  .map(ROOT::resolve))
          .sorted()
          .toList();
    }
  }
}
