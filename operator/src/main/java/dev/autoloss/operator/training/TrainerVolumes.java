package dev.autoloss.operator.training;

import dev.autoloss.api.Checkpoint;
import dev.autoloss.api.ClaimSource;
import dev.autoloss.api.DatasetSource;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.ImageSource;
import dev.autoloss.api.NfsSource;
import dev.autoloss.api.PodVolume;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the trainer reads its data and writes its work. */
final class TrainerVolumes {
  private static final String DATA = "data";
  private static final String WORK = "work";
  private static final String SCRATCH = "tmp";

  private final DetectorTraining training;
  private final DatasetSource source;
  private final Optional<Checkpoint> checkpoint;
  private final List<PodVolume> users;

  TrainerVolumes(DetectorTraining training, DetectorTrainingSpec spec) {
    this.training = training;
    this.source = spec.dataset().source();
    this.checkpoint = Optional.ofNullable(spec.checkpoint());
    this.users = Optional.ofNullable(spec.pod().volumes()).orElse(List.of());
  }

  List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    data().ifPresent(volumes::add);
    volumes.add(
        checkpoint
            .map(kept -> claim(WORK, kept.persistentVolumeClaim(), false))
            .orElseGet(() -> empty(WORK)));
    volumes.add(empty(SCRATCH));
    users.stream().map(TrainerVolumes::volume).forEach(volumes::add);
    return volumes;
  }

  List<VolumeMount> mounts() {
    var mounts = new ArrayList<VolumeMount>();
    if (data().isPresent()) {
      ClaimSource claim = source.persistentVolumeClaim();
      mounts.add(
          new VolumeMountBuilder()
              .withName(DATA)
              .withMountPath("/data")
              .withReadOnly(true)
              .withSubPath(claim == null ? null : claim.subPath())
              .build());
    }
    mounts.add(
        new VolumeMountBuilder()
            .withName(WORK)
            .withMountPath("/work")
            .withSubPath(checkpoint.map(this::folder).orElse(null))
            .build());
    mounts.add(new VolumeMountBuilder().withName(SCRATCH).withMountPath("/tmp").build());
    users.stream().map(TrainerVolumes::mount).forEach(mounts::add);
    return mounts;
  }

  /** Each training has its own folder on the claim: its attempts go on from each other. */
  private String folder(Checkpoint kept) {
    String root = kept.persistentVolumeClaim().subPath();
    String name = training.getMetadata().getName();
    return root == null || root.isEmpty() ? name : root + "/" + name;
  }

  private Optional<Volume> data() {
    ClaimSource claim = source.persistentVolumeClaim();
    if (claim != null) {
      return Optional.of(claim(DATA, claim, true));
    }
    ImageSource image = source.image();
    if (image != null) {
      return Optional.of(
          new VolumeBuilder()
              .withName(DATA)
              .withNewImage()
              .withReference(image.reference())
              .withPullPolicy(image.pullPolicy())
              .endImage()
              .build());
    }
    NfsSource nfs = source.nfs();
    return nfs == null
        ? Optional.empty()
        : Optional.of(
            new VolumeBuilder()
                .withName(DATA)
                .withNewNfs()
                .withServer(nfs.server())
                .withPath(nfs.path())
                .withReadOnly(true)
                .endNfs()
                .build());
  }

  private static Volume volume(PodVolume user) {
    ClaimSource claim = user.persistentVolumeClaim();
    return claim == null
        ? new VolumeBuilder()
            .withName(user.name())
            .withConfigMap(user.configMap())
            .withSecret(user.secret())
            .withEmptyDir(user.emptyDir())
            .build()
        : claim(user.name(), claim, Boolean.TRUE.equals(user.readOnly()));
  }

  private static VolumeMount mount(PodVolume user) {
    ClaimSource claim = user.persistentVolumeClaim();
    return new VolumeMountBuilder()
        .withName(user.name())
        .withMountPath(user.mountPath())
        .withReadOnly(user.readOnly())
        .withSubPath(claim == null ? null : claim.subPath())
        .build();
  }

  private static Volume claim(String name, ClaimSource claim, boolean readOnly) {
    return new VolumeBuilder()
        .withName(name)
        .withNewPersistentVolumeClaim()
        .withClaimName(claim.claimName())
        .withReadOnly(readOnly ? true : null)
        .endPersistentVolumeClaim()
        .build();
  }

  private static Volume empty(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }
}
