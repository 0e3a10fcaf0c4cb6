package dev.autoloss.operator.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.operator.Samples;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers are those of an API server of Kubernetes 1.35. */
class RefusalTest {
  private static KubernetesClientException answer(int code, String message, String cause) {
    var status = new StatusBuilder().withCode(code).withMessage(message);
    if (cause != null) {
      status.withNewDetails().addNewCause().withReason(cause).endCause().endDetails();
    }
    Status built = status.build();
    return new KubernetesClientException(message, code, built);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403|jobs.batch \"t-a1\" is forbidden: unable to create new content in namespace x because it is being terminated|NamespaceTerminating|NAMESPACE_TERMINATING|nothing more",
        "403|jobs.batch \"t-a1\" is forbidden|NamespaceTerminating|NAMESPACE_TERMINATING|nothing more",
        "404|namespaces \"x\" not found||NAMESPACE_TERMINATING|nothing more",
        "403|jobs.batch \"t-a1\" is forbidden: exceeded quota: few, requested: count/jobs.batch=1, used: count/jobs.batch=2, limited: count/jobs.batch=2||QUOTA_EXCEEDED|kubectl describe quota -n default",
        "403|admission webhook \"p.example.com\" denied the request: no team label||ADMISSION_DENIED|no team label",
        "400|admission webhook \"p.example.com\" denied the request: bad||ADMISSION_DENIED|kubectl get",
        "422|jobs.batch \"t-a1\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no||ADMISSION_DENIED|no",
        "500|Internal error occurred: failed calling webhook \"mjob.kb.io\": connection refused||ADMISSION_UNREACHABLE|mjob.kb.io",
        "403|jobs.batch is forbidden: User \"system:serviceaccount:a:b\" cannot create resource \"jobs\"||FORBIDDEN|service account",
        "422|Job.batch \"t-a1\" is invalid: spec.template.spec.nodeSelector: Invalid value||REFUSED_AS_INVALID|nodeSelector",
      })
  void whatWasRefusedSaysWhyAndWhatToDo(
      int code, String message, String cause, Refusal.Kind kind, String part) {
    var refused =
        assertInstanceOf(
            RefusedException.class,
            Refusal.of(answer(code, message, cause), Samples.training("t")));
    assertEquals(kind, refused.refusal().kind());
    String line = refused.refusal().line();
    assertTrue(line.startsWith("DetectorTraining t was refused: "), line);
    assertTrue(line.contains(part), line);
    assertEquals(1, line.lines().count(), line);
  }

  @ParameterizedTest
  @CsvSource({"409, exists", "429, too many requests", "500, etcdserver: request timed out"})
  void whatPassesIsNoRefusal(int code, String message) {
    var failure = answer(code, message, null);
    assertSame(failure, Refusal.of(failure, Samples.training("t")));
  }

  @Test
  void aLongAnswerIsCut() {
    var refused =
        (RefusedException)
            Refusal.of(answer(422, "x\n".repeat(10_000), null), Samples.training("t"));
    assertTrue(refused.refusal().line().length() < 1000, refused.refusal().line());
    assertEquals(1, refused.refusal().line().lines().count());
  }
}
