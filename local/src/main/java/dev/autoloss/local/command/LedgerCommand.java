package dev.autoloss.local.command;

import picocli.CommandLine.Command;

/** Looks at what a search has recorded. */
@Command(
    name = "ledger",
    description = "Exports what a search has recorded.",
    mixinStandardHelpOptions = true,
    subcommands = LedgerExport.class,
    synopsisSubcommandLabel = "COMMAND")
final class LedgerCommand {}
