package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * A search of losses by evolution, run by the operator.
 *
 * <p>A mutable bean, as the Kubernetes model wants its resources; spec and status are records.
 */
@Group("autoloss.dev")
@Version("v1alpha1")
@Kind("LossSearch")
@Singular("losssearch")
@Plural("losssearches")
@ShortNames("lsearch")
@AdditionalPrinterColumn(
    name = "Generation",
    jsonPath = ".status.generation",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Trained",
    jsonPath = ".status.trials.scored",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Best AP",
    jsonPath = ".status.best[0].meanAP",
    type = AdditionalPrinterColumn.Type.NUMBER)
@AdditionalPrinterColumn(
    name = "Baseline AP",
    jsonPath = ".status.baseline.meanAP",
    type = AdditionalPrinterColumn.Type.NUMBER)
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
public final class LossSearch implements HasMetadata, Namespaced {
  private static final long serialVersionUID = 1L;

  private String apiVersion = "autoloss.dev/v1alpha1";
  private ObjectMeta metadata = new ObjectMeta();

  private @Nullable LossSearchSpec spec;

  private @Nullable LossSearchStatus status;

  /** Makes a resource without name and spec. */
  public LossSearch() {}

  /**
   * Makes a resource.
   *
   * @param metadata name, namespace and the rest
   * @param spec what is asked for
   * @return a resource without status
   */
  public static LossSearch of(ObjectMeta metadata, LossSearchSpec spec) {
    var resource = new LossSearch();
    resource.metadata = metadata;
    resource.spec = spec;
    return resource;
  }

  @Override
  public String getKind() {
    return "LossSearch";
  }

  /**
   * Takes the kind of a document; there is only one.
   *
   * @param kind must be {@code LossSearch}
   * @throws IllegalArgumentException if it is another
   */
  public void setKind(String kind) {
    if (!"LossSearch".equals(kind)) {
      throw new IllegalArgumentException("kind: expected LossSearch, found " + kind);
    }
  }

  @Override
  public String getApiVersion() {
    return apiVersion;
  }

  @Override
  public void setApiVersion(String version) {
    this.apiVersion = version;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    this.metadata = metadata;
  }

  /**
   * What is asked for.
   *
   * @return the spec; null only in a fresh object that carries a status patch
   */
  @Required
  @JsonProperty("spec")
  @JsonPropertyDescription("What is searched, on which data, and how candidates are trained.")
  public @Nullable LossSearchSpec getSpec() {
    return spec;
  }

  /**
   * Sets what is asked for.
   *
   * @param spec the spec
   */
  public void setSpec(@Nullable LossSearchSpec spec) {
    this.spec = spec;
  }

  /**
   * What has become of it.
   *
   * @return the status; null before the first reconciliation
   */
  @JsonProperty("status")
  @JsonPropertyDescription("How far the search is and what it has found; written by the operator.")
  public @Nullable LossSearchStatus getStatus() {
    return status;
  }

  /**
   * Sets what has become of it.
   *
   * @param status the status
   */
  public void setStatus(@Nullable LossSearchStatus status) {
    this.status = status;
  }
}
