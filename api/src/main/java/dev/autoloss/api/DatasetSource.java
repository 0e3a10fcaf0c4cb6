package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where the data lies: exactly one of the fields. On one machine {@code --data} takes the place of
 * a volume.
 *
 * @param persistentVolumeClaim a PersistentVolumeClaim
 * @param image a container image
 * @param nfs an NFS export
 * @param shapes a generated set, which needs no volume
 */
@ValidationRule(
    value =
        "[has(self.persistentVolumeClaim), has(self.image), has(self.nfs), has(self.shapes)].filter(given, given).size() == 1",
    message = "expected exactly one of persistentVolumeClaim, image, nfs and shapes")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetSource(
    @JsonPropertyDescription("A PersistentVolumeClaim.")
        @Nullable ClaimSource persistentVolumeClaim,
    @JsonPropertyDescription("A container image.") @Nullable ImageSource image,
    @JsonPropertyDescription("An NFS export.") @Nullable NfsSource nfs,
    @JsonPropertyDescription("A generated set, which needs no volume.")
        @Nullable ShapesSource shapes) {}
