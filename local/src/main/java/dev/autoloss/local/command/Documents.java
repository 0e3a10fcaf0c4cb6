package dev.autoloss.local.command;

import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.operator.losssearch.InvalidSpecException;
import dev.autoloss.operator.losssearch.SearchSpecs;
import java.nio.file.Path;

/** Reads documents as the operator would take them. */
final class Documents {
  private Documents() {}

  /**
   * Reads a file.
   *
   * @throws InputException with a line for each mistake
   */
  static Document read(Path file) {
    try {
      Document document = DocumentReader.read(file);
      if (document instanceof Document.Search search) {
        var _ = SearchSpecs.of(search.resource());
      }
      return document;
    } catch (DocumentException wrong) {
      throw new InputException(wrong.lines());
    } catch (InvalidSpecException wrong) {
      throw new InputException(wrong.lines().stream().map(line -> file + ": " + line).toList());
    }
  }
}
