import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * The last page of the suite on a real cluster: each fault, how often it was made to happen, and how often all was as it
 * should be. A test that makes one happen more than once says so in its output: {@code faults: 17}. Ends with 1 if a test
 * failed, or could not run.
 */
final class FaultTable {
  private static final Pattern COUNT = Pattern.compile("(?m)^faults: (\\d+)$");
  private static final Pattern ARGUMENT = Pattern.compile("^(\\w+)(?:\\(.*?\\))?(\\[.*])?$");

  /** What is known of one method of a class, over all its runs. */
  private static final class Row {
    private int times;
    private int right;
    private double seconds;
  }

  private final Map<String, Row> rows = new TreeMap<>();
  private final Map<String, String> skipped = new TreeMap<>();
  private int failed;

  public static void main(String[] arguments) throws Exception {
    var table = new FaultTable();
    table.read(Path.of(arguments[0]));
    System.exit(table.print() ? 0 : 1);
  }

  private void read(Path folder) throws IOException, ParserConfigurationException, SAXException {
    DocumentBuilder parser = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList();
    }
    for (Path file : files) {
      var cases = parser.parse(file.toFile()).getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        read((Element) cases.item(i));
      }
    }
  }

  private void read(Element test) {
    String suite = test.getAttribute("classname").replaceFirst("^dev\\.autoloss\\.e2e\\.", "");
    Matcher name = ARGUMENT.matcher(test.getAttribute("name"));
    String method = name.matches() ? name.group(1) : test.getAttribute("name");
    var reasons = test.getElementsByTagName("skipped");
    if (reasons.getLength() > 0) {
      String said = ((Element) reasons.item(0)).getAttribute("message");
      String reason = said.isBlank() ? reasons.item(0).getTextContent().strip().lines().findFirst().orElse("") : said;
      skipped.put(suite + "." + test.getAttribute("name"), reason.replaceFirst("^\\S+Exception: (Assumption failed: )?", ""));
      return;
    }
    boolean wrong = test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0;
    Matcher count = COUNT.matcher(output(test));
    int times = count.find() ? Integer.parseInt(count.group(1)) : 1;
    Row row = rows.computeIfAbsent(suite + " | " + words(method), key -> new Row());
    row.times += times;
    row.right += wrong ? 0 : times;
    row.seconds += Double.parseDouble(test.getAttribute("time").replace(",", ""));
    failed += wrong ? 1 : 0;
  }

  private static String output(Element test) {
    var outputs = test.getElementsByTagName("system-out");
    return outputs.getLength() == 0 ? "" : outputs.item(0).getTextContent();
  }

  /** {@code aPodIsDeleted} as words. */
  private static String words(String method) {
    return method.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ").toLowerCase(Locale.ROOT);
  }

  private boolean print() {
    System.out.println("| suite | what happens | times | as it should be | seconds |");
    System.out.println("| --- | --- | --- | --- | --- |");
    rows.forEach(
        (name, row) -> System.out.printf(Locale.ROOT, "| %s | %d | %d | %.0f |%n", name, row.times, row.right, row.seconds));
    int times = rows.values().stream().mapToInt(row -> row.times).sum();
    System.out.printf("%n%d in all; %d tests failed; %d could not run.%n", times, failed, skipped.size());
    skipped.forEach((test, reason) -> System.out.printf("  not run: %s%n           %s%n", test, reason));
    return failed == 0 && skipped.isEmpty() && times > 0;
  }
}
