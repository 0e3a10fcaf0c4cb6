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
 * One training of a detector with a given loss pair and seed.
 *
 * <p>A mutable bean, as the Kubernetes model wants its resources; spec and status are records.
 */
@Group("autoloss.dev")
@Version("v1alpha1")
@Kind("DetectorTraining")
@Singular("detectortraining")
@Plural("detectortrainings")
@ShortNames("dtrain")
@AdditionalPrinterColumn(name = "Detector", jsonPath = ".spec.detector.architecture")
@AdditionalPrinterColumn(
    name = "Progress",
    jsonPath = ".status.progress.epoch",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "AP",
    jsonPath = ".status.metrics.AP",
    type = AdditionalPrinterColumn.Type.NUMBER)
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
public final class DetectorTraining implements HasMetadata, Namespaced {
  private static final long serialVersionUID = 1L;

  private String apiVersion = "autoloss.dev/v1alpha1";
  private ObjectMeta metadata = new ObjectMeta();

  private @Nullable DetectorTrainingSpec spec;

  private @Nullable DetectorTrainingStatus status;

  /** Makes a resource without name and spec. */
  public DetectorTraining() {}

  /**
   * Makes a resource.
   *
   * @param metadata name, namespace and the rest
   * @param spec what is asked for
   * @return a resource without status
   */
  public static DetectorTraining of(ObjectMeta metadata, DetectorTrainingSpec spec) {
    var resource = new DetectorTraining();
    resource.metadata = metadata;
    resource.spec = spec;
    return resource;
  }

  @Override
  public String getKind() {
    return "DetectorTraining";
  }

  /**
   * Takes the kind of a document; there is only one.
   *
   * @param kind must be {@code DetectorTraining}
   * @throws IllegalArgumentException if it is another
   */
  public void setKind(String kind) {
    if (!"DetectorTraining".equals(kind)) {
      throw new IllegalArgumentException("kind: expected DetectorTraining, found " + kind);
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
  @JsonPropertyDescription("What is trained, on which data, and with which losses.")
  public @Nullable DetectorTrainingSpec getSpec() {
    return spec;
  }

  /**
   * Sets what is asked for.
   *
   * @param spec the spec
   */
  public void setSpec(@Nullable DetectorTrainingSpec spec) {
    this.spec = spec;
  }

  /**
   * What has become of it.
   *
   * @return the status; null before the first reconciliation
   */
  @JsonProperty("status")
  @JsonPropertyDescription("What became of the training; written by the operator.")
  public @Nullable DetectorTrainingStatus getStatus() {
    return status;
  }

  /**
   * Sets what has become of it.
   *
   * @param status the status
   */
  public void setStatus(@Nullable DetectorTrainingStatus status) {
    this.status = status;
  }
}
