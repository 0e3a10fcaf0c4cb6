package dev.autoloss.local.command;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.local.ledger.CandidateRow;
import dev.autoloss.local.ledger.CandidateRows;
import dev.autoloss.local.ledger.RowFormat;
import dev.autoloss.local.ledger.SearchRecord;
import dev.autoloss.local.run.RunOptions;
import dev.autoloss.local.server.ApiServer;
import dev.autoloss.operator.OperatorClient;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.losssearch.InvalidSpecException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Writes the candidates of a search. */
@Command(
    name = "export",
    description = {
      "Writes every candidate that a search has proposed: its losses, what it was bred from, and"
          + " its trainings.",
      "From a cluster by NAMESPACE/NAME, or from the work folder of ./autoloss run while it does"
          + " not run."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:written",
      "1:the ledger is damaged or incomplete, or the cluster can't be reached; nothing is written",
      "2:wrong usage, or there is no such search"
    },
    mixinStandardHelpOptions = true)
final class LedgerExport implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAMESPACE/NAME",
      description = "A LossSearch of the cluster.")
  private @Nullable String name;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Work folder of a run, for example .autoloss/NAME.")
  private @Nullable Path work;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How the cluster is reached; as kubectl finds it if left out.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = ToFormat.class,
      description = {
        "jsonl (default): a JSON object for each candidate, its trainings in it.",
        "csv: a line for each training of a candidate."
      })
  private RowFormat format = RowFormat.JSONL;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write it; to stdout if left out.")
  private @Nullable Path out;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if ((name == null) == (work == null)) {
      throw new InputException(
          "expected NAMESPACE/NAME or --work DIR, found " + (name == null ? "none" : "both"));
    }
    try {
      write(CandidateRows.of(work == null ? ofCluster() : ofWork(work)));
      return CommandLine.ExitCode.OK;
    } catch (DamagedLedgerException damaged) {
      throw new IOException("the ledger is damaged: " + damaged.line(), damaged);
    } catch (InvalidSpecException wrong) {
      throw new InputException(wrong.lines());
    }
  }

  private SearchRecord ofCluster() throws IOException {
    String[] parts = String.valueOf(name).split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new InputException("expected NAMESPACE/NAME, found " + name);
    }
    try (KubernetesClient client = OperatorClient.of(config())) {
      LossSearch search =
          client.resources(LossSearch.class).inNamespace(parts[0]).withName(parts[1]).get();
      if (search == null) {
        throw new InputException("there is no LossSearch " + name);
      }
      return SearchRecord.read(client, search, Optional.empty());
    } catch (KubernetesClientException unreachable) {
      throw new IOException("the cluster does not answer: " + reason(unreachable), unreachable);
    }
  }

  private static String reason(KubernetesClientException failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    return message.equals("null") ? deepest.getClass().getSimpleName() : message;
  }

  private Config config() throws IOException {
    if (kubeconfig == null) {
      return once(Config.autoConfigure(null));
    }
    if (!Files.isRegularFile(kubeconfig)) {
      throw new InputException("--kubeconfig " + kubeconfig + ": expected a file, there is none");
    }
    try {
      return once(Config.fromKubeconfig(kubeconfig.toFile()));
    } catch (RuntimeException unreadable) {
      throw new InputException("--kubeconfig " + kubeconfig + ": expected a kubeconfig");
    }
  }

  /** A person waits for the answer. */
  private static Config once(Config config) {
    return new ConfigBuilder(config).withRequestRetryBackoffLimit(1).build();
  }

  private static SearchRecord ofWork(Path work) throws IOException {
    Path journal = RunOptions.journal(work);
    if (!Files.isRegularFile(journal.resolve("journal.jsonl"))) {
      throw new InputException(
          "--work " + work + ": expected the work folder of a run, there is no api/journal.jsonl");
    }
    try (ApiServer server =
            ApiServer.open(
                journal,
                DocumentReader.customResourceDefinitions(),
                (_, _, _) -> Optional.empty());
        KubernetesClient client =
            OperatorClient.of(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl(server.address().toString())
                    .withOauthToken(server.token())
                    .build())) {
      LossSearch search =
          client.resources(LossSearch.class).inAnyNamespace().list().getItems().stream()
              .findFirst()
              .orElseThrow(() -> new InputException("--work " + work + ": holds no LossSearch"));
      return SearchRecord.read(client, search, Optional.of(RunOptions.trials(work)));
    }
  }

  private void write(List<CandidateRow> rows) throws IOException {
    if (out == null) {
      PrintWriter terminal = command.commandLine().getOut();
      format.write(rows, terminal::println);
      terminal.flush();
      return;
    }
    Path whole = out.resolveSibling(out.getFileName() + ".new");
    try (var file = new PrintWriter(Files.newBufferedWriter(whole))) {
      format.write(rows, file::println);
      if (file.checkError()) {
        throw new IOException(out + ": can't be written");
      }
    } catch (IOException failure) {
      Files.deleteIfExists(whole);
      throw failure;
    }
    Files.move(whole, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    command.commandLine().getOut().println("wrote " + rows.size() + " candidates to " + out);
    command.commandLine().getOut().flush();
  }

  /** Reads a format's name. */
  static final class ToFormat implements ITypeConverter<RowFormat> {
    @Override
    public RowFormat convert(String label) {
      return Arrays.stream(RowFormat.values())
          .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(label))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("expected jsonl or csv, found '" + label + "'"));
    }
  }
}
