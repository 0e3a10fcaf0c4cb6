import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** The last page of a build: how many tests ran, and which were skipped, with the reason. */
final class SkippedTests {
  private int tests;
  private final Map<String, String> skipped = new TreeMap<>();

  public static void main(String[] arguments) throws Exception {
    var page = new SkippedTests();
    page.read(Path.of(arguments[0]));
    page.print();
  }

  private void read(Path root) throws IOException, ParserConfigurationException, SAXException {
    DocumentBuilder parser = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    for (Path file : reports(root)) {
      Element suite = parser.parse(file.toFile()).getDocumentElement();
      var cases = suite.getElementsByTagName("testcase");
      tests += cases.getLength();
      for (int i = 0; i < cases.getLength(); i++) {
        var test = (Element) cases.item(i);
        var reasons = test.getElementsByTagName("skipped");
        if (reasons.getLength() > 0) {
          var element = (Element) reasons.item(0);
          String said = element.getAttribute("message");
          // An assumption that does not hold leaves its message as the head of a stack trace.
          String reason =
              said.isBlank() ? element.getTextContent().strip().lines().findFirst().orElse("") : said;
          reason = reason.replaceFirst("^\\S+Exception: (Assumption failed: )?", "");
          skipped.put(
              test.getAttribute("classname") + "." + test.getAttribute("name"),
              reason.isBlank() ? "no reason given" : reason);
        }
      }
    }
  }

  private static List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.find(root, 4, (file, _) -> isReport(file))) {
      return files.sorted().toList();
    }
  }

  private static boolean isReport(Path file) {
    return file.toString().contains("target/surefire-reports/")
        && file.getFileName().toString().matches("TEST-.*\\.xml");
  }

  private void print() {
    System.out.printf("%n%d tests in all, %d skipped.%n", tests, skipped.size());
    skipped.forEach((test, reason) -> System.out.printf("  skipped: %s%n           %s%n", test, reason));
  }
}
