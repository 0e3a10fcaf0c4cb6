package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * That the API server will not store a resource, and what somebody has to do about it; conflicts
 * and failures that pass are none.
 *
 * @param kind who can help
 * @param line what was refused, the API server's words, and what to do
 */
public record Refusal(Kind kind, String line) {
  private static final int UNPROCESSABLE = 422;
  private static final int LONGEST_REASON = 600;

  /** Why a resource was refused. */
  public enum Kind {
    /** Its namespace is being deleted: nothing is to be done. */
    NAMESPACE_TERMINATING,
    /** A quota is used up. */
    QUOTA_EXCEEDED,
    /** An admission webhook or policy does not want it. */
    ADMISSION_DENIED,
    /** An admission webhook does not answer. */
    ADMISSION_UNREACHABLE,
    /** The operator lacks a right. */
    FORBIDDEN,
    /** It makes no sense to the API server. */
    REFUSED_AS_INVALID
  }

  /**
   * Reads what the API server has answered to a creation.
   *
   * @param failure the answer
   * @param wanted what was to be created
   * @return an exception that tells of the refusal, or the failure itself if it is none
   */
  public static RuntimeException of(KubernetesClientException failure, HasMetadata wanted) {
    String words = words(failure);
    Optional<Kind> kind = kind(failure, words);
    if (kind.isEmpty()) {
      return failure;
    }
    String line =
        "%s %s was refused: %s; %s"
            .formatted(
                wanted.getKind(),
                wanted.getMetadata().getName(),
                words,
                remedy(kind.get(), wanted.getMetadata().getNamespace()));
    return new RefusedException(new Refusal(kind.get(), line), failure);
  }

  private static Optional<Kind> kind(KubernetesClientException failure, String words) {
    boolean denied =
        words.contains("denied the request")
            || words.contains("denied request")
            || words.contains("violates PodSecurity");
    if (terminating(failure, words)) {
      return Optional.of(Kind.NAMESPACE_TERMINATING);
    }
    if (words.contains("failed calling webhook")) {
      return Optional.of(Kind.ADMISSION_UNREACHABLE);
    }
    if (denied) {
      return Optional.of(Kind.ADMISSION_DENIED);
    }
    return switch (failure.getCode()) {
      case HttpURLConnection.HTTP_FORBIDDEN ->
          Optional.of(
              words.contains("exceeded quota") || words.contains("failed quota")
                  ? Kind.QUOTA_EXCEEDED
                  : Kind.FORBIDDEN);
      case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE ->
          Optional.of(Kind.REFUSED_AS_INVALID);
      default -> Optional.empty();
    };
  }

  private static boolean terminating(KubernetesClientException failure, String words) {
    boolean cause =
        Optional.ofNullable(failure.getStatus())
            .map(Status::getDetails)
            .map(details -> Objects.requireNonNullElse(details.getCauses(), List.<StatusCause>of()))
            .stream()
            .flatMap(List::stream)
            .anyMatch(one -> "NamespaceTerminating".equals(one.getReason()));
    boolean gone =
        failure.getCode() == HttpURLConnection.HTTP_NOT_FOUND && words.startsWith("namespaces ");
    return cause || gone || words.contains("because it is being terminated");
  }

  private static String remedy(Kind kind, String namespace) {
    return switch (kind) {
      case NAMESPACE_TERMINATING -> "nothing more is created in it";
      case QUOTA_EXCEEDED ->
          "raise the quota or lower trials.parallelism: kubectl describe quota -n " + namespace;
      case ADMISSION_DENIED ->
          "change what it asks for, or the policy: kubectl get"
              + " validatingwebhookconfigurations,validatingadmissionpolicies";
      case ADMISSION_UNREACHABLE ->
          "bring the webhook back: kubectl get"
              + " mutatingwebhookconfigurations,validatingwebhookconfigurations";
      case FORBIDDEN ->
          "give the operator's service account the rights of its chart: helm get manifest";
      case REFUSED_AS_INVALID -> "mend the document and apply it under another name";
    };
  }

  private static String words(KubernetesClientException failure) {
    String words =
        Optional.ofNullable(failure.getStatus())
            .map(Status::getMessage)
            .or(() -> Optional.ofNullable(failure.getMessage()))
            .orElse("no reason given")
            .replaceAll("\\s+", " ")
            .strip();
    return words.length() <= LONGEST_REASON ? words : words.substring(0, LONGEST_REASON) + "…";
  }
}
