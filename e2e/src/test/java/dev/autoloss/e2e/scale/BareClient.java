package dev.autoloss.e2e.scale;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Makes plain Jobs, waits for their ends and deletes them: the least that anything has to do that
 * trains in Jobs. A record may add what is written for each Job besides.
 */
final class BareClient implements AutoCloseable {
  private static final int AT_ONCE = 16;

  private final KubernetesClient client;
  private final String namespace;
  private final Books books;
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Semaphore free;
  private final Semaphore done = new Semaphore(0);
  private final SharedIndexInformer<Job> informer;
  private int made;

  /** What is written besides a Job, before it is made and after it has ended. */
  interface Books {
    Books NONE =
        new Books() {
          @Override
          public Job open(Job job) {
            return job;
          }

          @Override
          public void close(Job job) {}
        };

    Job open(Job job);

    void close(Job job);
  }

  BareClient(KubernetesClient client, String namespace, int parallelism) {
    this(client, namespace, parallelism, Books.NONE);
  }

  BareClient(KubernetesClient client, String namespace, int parallelism, Books books) {
    this.client = client;
    this.namespace = namespace;
    this.books = books;
    this.free = new Semaphore(parallelism);
    this.informer = client.batch().v1().jobs().inNamespace(namespace).inform(new Ends());
  }

  private final class Ends implements ResourceEventHandler<Job> {
    @Override
    public void onAdd(Job job) {
      look(job);
    }

    @Override
    public void onUpdate(Job old, Job job) {
      look(job);
    }

    @Override
    public void onDelete(Job job, boolean unknown) {}
  }

  private void look(Job job) {
    if (job.getStatus().getSucceeded() != null && ended.add(job.getMetadata().getName())) {
      free.release();
      threads.execute(
          () -> {
            books.close(job);
            client.resource(job).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
            done.release();
          });
    }
  }

  /** Makes so many Jobs and returns when all have ended and are deleted. */
  void run(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      free.acquire();
      Job job = job("bare-" + made++);
      threads.execute(() -> client.resource(books.open(job)).create());
    }
    done.acquire(count);
  }

  private Job job(String name) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withNewTemplate()
        .withNewSpec()
        .withRestartPolicy("Never")
        .addNewContainer()
        .withName("trainer")
        .withImage("trainer:test")
        .withNewResources()
        .withLimits(Map.of("nvidia.com/gpu", new Quantity("1")))
        .endResources()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  @Override
  public void close() {
    informer.close();
    threads.shutdownNow();
  }
}
