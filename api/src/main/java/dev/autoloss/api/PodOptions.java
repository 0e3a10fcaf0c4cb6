package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user may say of the trainer's pod; the rest of the pod is the operator's.
 *
 * @param labels labels beside the operator's own
 * @param annotations annotations
 * @param image trainer image in place of the operator's
 * @param imagePullPolicy always, IfNotPresent or Never
 * @param imagePullSecrets secrets for pulling images
 * @param nodeSelector labels of the nodes that fit
 * @param affinity affinity rules
 * @param tolerations taints that are tolerated
 * @param runtimeClassName runtimeClass of the pod
 * @param resources CPU and memory of the container; the accelerator is added
 * @param env environment beside the operator's own
 * @param envFrom environment from ConfigMaps and Secrets
 * @param volumes volumes beside those of data and work
 * @param serviceAccountName service account; its token is not mounted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodOptions(
    @JsonPropertyDescription("Labels beside the operator's own.")
        @Nullable Map<String, String> labels,
    @JsonPropertyDescription("Annotations.") @Nullable Map<String, String> annotations,
    @JsonPropertyDescription("Trainer image in place of the operator's.") @Size(min = 1, max = 1024)
        @Nullable String image,
    @JsonPropertyDescription("Always, IfNotPresent or Never.") @Pattern(Names.PULL_POLICY)
        @Nullable String imagePullPolicy,
    @JsonPropertyDescription("Secrets for pulling images.") @Size(max = 16)
        @Nullable List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription("Labels of the nodes that fit.")
        @Nullable Map<String, String> nodeSelector,
    @JsonPropertyDescription("Affinity rules.") @Nullable Affinity affinity,
    @JsonPropertyDescription("Taints that are tolerated.") @Size(max = 64)
        @Nullable List<Toleration> tolerations,
    @JsonPropertyDescription("RuntimeClass of the pod.")
        @Size(min = 1, max = 253)
        @Pattern(Names.SUBDOMAIN)
        @Nullable String runtimeClassName,
    @JsonPropertyDescription("CPU and memory of the container; the accelerator is added.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription("Environment beside the operator's own.") @Size(max = 128)
        @Nullable List<EnvVar> env,
    @JsonPropertyDescription("Environment from ConfigMaps and Secrets.") @Size(max = 32)
        @Nullable List<EnvFromSource> envFrom,
    @JsonPropertyDescription("Volumes beside those of data and work.")
        @Size(max = 16)
        @ValidationRule(
            value = "self.all(one, self.exists_one(other, other.name == one.name))",
            message = "expected volumes of different names")
        @ValidationRule(
            value = "self.all(one, self.exists_one(other, other.mountPath == one.mountPath))",
            message = "expected volumes at different paths")
        @Nullable List<PodVolume> volumes,
    @JsonPropertyDescription("Service account; its token is not mounted.")
        @Size(min = 1, max = 253)
        @Pattern(Names.SUBDOMAIN)
        @Nullable String serviceAccountName) {}
