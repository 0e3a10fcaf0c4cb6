package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.api.document.StructuralSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A resource that the server knows.
 *
 * @param group API group, empty for the core
 * @param version served version
 * @param names what it is called
 * @param namespaced whether its objects lie in namespaces
 * @param statusSubresource whether status is written through /status alone
 * @param hasGeneration whether the server counts changes of the spec
 * @param fieldSelectors fields, beside name and namespace, that a list may be selected by
 * @param custom what its CustomResourceDefinition says; empty for built-in types
 */
record ResourceType(
    String group,
    String version,
    Names names,
    boolean namespaced,
    boolean statusSubresource,
    boolean hasGeneration,
    Set<String> fieldSelectors,
    Optional<Custom> custom) {

  /**
   * What a type is called.
   *
   * @param kind kind of one object
   * @param listKind kind of a list
   * @param plural resource name
   * @param singular name on the command line
   * @param shortNames short names on the command line
   * @param categories groups on the command line, like all
   */
  record Names(
      String kind,
      String listKind,
      String plural,
      String singular,
      List<String> shortNames,
      List<String> categories) {}

  /**
   * The parts of a CustomResourceDefinition's version that requests need.
   *
   * @param schema structural schema
   * @param root the document of that schema
   * @param columns additionalPrinterColumns, an array that may be missing
   */
  record Custom(StructuralSchema schema, JsonNode root, JsonNode columns) {}

  String plural() {
    return names.plural();
  }

  String kind() {
    return names.kind();
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  String qualifiedName() {
    return group.isEmpty() ? plural() : plural() + "." + group;
  }

  String qualifiedKind() {
    return group.isEmpty() ? kind() : kind() + "." + group;
  }

  ObjectKey key(String namespace, String name) {
    return new ObjectKey(group, plural(), namespaced ? namespace : "", name);
  }

  boolean holds(ObjectKey key) {
    return key.group().equals(group) && key.plural().equals(plural());
  }

  boolean is(String otherGroup, String otherPlural) {
    return group.equals(otherGroup) && plural().equals(otherPlural);
  }

  /** How lists and maps of this type merge under server-side apply. */
  Structure structure() {
    return Structure.of(custom.map(Custom::root));
  }
}
