package dev.autoloss.operator.report;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A page as the JDK's XML parser reads it. */
record Page(Document document) {
  static Page parse(String html) {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return new Page(builder.parse(new InputSource(new StringReader(html))));
    } catch (SAXException | IOException | ParserConfigurationException malformed) {
      throw new AssertionError(malformed);
    }
  }

  List<Element> all(String tag) {
    var nodes = document.getElementsByTagName(tag);
    return IntStream.range(0, nodes.getLength()).mapToObj(k -> (Element) nodes.item(k)).toList();
  }

  /** All elements whose attribute class is or contains the word. */
  List<Element> styled(String tag, String word) {
    return all(tag).stream()
        .filter(element -> List.of(element.getAttribute("class").split(" ")).contains(word))
        .toList();
  }

  Element section(String title) {
    return all("section").stream()
        .filter(section -> title.equals(text(children(section, "h2").getFirst())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no section " + title));
  }

  String text() {
    return text(document.getDocumentElement());
  }

  static String text(Node node) {
    return node.getTextContent();
  }

  static List<Element> children(Element element, String tag) {
    var nodes = element.getElementsByTagName(tag);
    return IntStream.range(0, nodes.getLength()).mapToObj(k -> (Element) nodes.item(k)).toList();
  }

  /** Cells of the table row whose heading is the given text. */
  static List<String> row(Element table, String heading) {
    return children(table, "tr").stream()
        .filter(row -> children(row, "th").stream().anyMatch(th -> heading.equals(text(th))))
        .findFirst()
        .map(row -> children(row, "td").stream().map(Page::text).toList())
        .orElseThrow(() -> new AssertionError("no row " + heading));
  }
}
