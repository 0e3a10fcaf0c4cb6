package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A volume of the trainer's container beside its data, its work and its scratch: exactly one of the
 * sources, and the place where it appears.
 *
 * @param name name of the volume in the pod
 * @param mountPath where the container finds it
 * @param readOnly whether the container can only read it; left out, it can write where the source
 *     lets it
 * @param configMap files from a ConfigMap
 * @param secret files from a Secret
 * @param persistentVolumeClaim a PersistentVolumeClaim
 * @param emptyDir an empty folder that ends with the pod; in memory if its medium is Memory
 */
@ValidationRule(
    value =
        "[has(self.configMap), has(self.secret), has(self.persistentVolumeClaim), has(self.emptyDir)].filter(given, given).size() == 1",
    message = "expected exactly one of configMap, secret, persistentVolumeClaim and emptyDir")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodVolume(
    @JsonPropertyDescription("Name of the volume in the pod; not data, work or tmp.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Names.LABEL)
        @ValidationRule(value = NAME_RULE, message = NAME_MESSAGE)
        String name,
    @JsonPropertyDescription("Where the container finds it, for example /etc/wandb or /dev/shm.")
        @Required
        @Size(min = 2, max = 512)
        @Pattern("^/[^:]*$")
        @ValidationRule(value = PATH_RULE, message = PATH_MESSAGE)
        String mountPath,
    @JsonPropertyDescription(
            "Whether the container can only read it; left out, it can write where the source lets"
                + " it.")
        @Nullable Boolean readOnly,
    @JsonPropertyDescription("Files from a ConfigMap.") @Nullable ConfigMapVolumeSource configMap,
    @JsonPropertyDescription("Files from a Secret.") @Nullable SecretVolumeSource secret,
    @JsonPropertyDescription("A PersistentVolumeClaim.")
        @Nullable ClaimSource persistentVolumeClaim,
    @JsonPropertyDescription(
            "An empty folder that ends with the pod; in memory if its medium is Memory.")
        @Nullable EmptyDirVolumeSource emptyDir) {

  private static final String SHARED = "/dev/shm";

  /** Names of the sources, of which a volume has exactly one. */
  public static final List<String> SOURCES =
      List.of("configMap", "secret", "persistentVolumeClaim", "emptyDir");

  /** What a name must not be. */
  public static final String NAME_MESSAGE = "expected another name than data, work and tmp";

  /** What a path must not be. */
  public static final String PATH_MESSAGE =
      "expected a path without . and .., not / and not in /data, /work, /tmp, /app, /proc, /sys or"
          + " /dev (but /dev/shm)";

  static final String NAME_RULE = "!(self in ['data', 'work', 'tmp'])";

  /** Places that the trainer and its runtime need as they are. RE2 reads it as Java does. */
  static final String TAKEN = "^/(data|work|tmp|app|proc|sys|dev)?(/|$)|/[.][.]?(/|$)";

  static final String PATH_RULE = "self == '" + SHARED + "' || !self.matches('" + TAKEN + "')";

  private static final Set<String> OURS = Set.of("data", "work", "tmp");
  private static final java.util.regex.Pattern TAKEN_PATH = java.util.regex.Pattern.compile(TAKEN);

  /**
   * Says whether a volume may be called so.
   *
   * @param name a name
   * @return false for the names of the operator's own volumes
   */
  public static boolean isFreeName(String name) {
    return !OURS.contains(name);
  }

  /**
   * Says whether a volume may be mounted there.
   *
   * @param mountPath an absolute path
   * @return false for places that the trainer or its runtime uses
   */
  public static boolean isFreePath(String mountPath) {
    return SHARED.equals(mountPath) || !TAKEN_PATH.matcher(mountPath).find();
  }
}
