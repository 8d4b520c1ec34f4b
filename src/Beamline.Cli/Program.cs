using System.CommandLine;
using System.CommandLine.Invocation;
using Beamline.Cli;
using Beamline.Cli.Commands;

NativeHeap.ReturnLargeBlocks();
var root = new RootCommand("Beamline: notebooks for X-ray imaging in C#.")
{
    RunCommand.Create(),
    ConvertCommand.Create(),
    KernelCommand.Create(),
    WorkerCommand.Create(),
    LintCommand.Create(),
    SampleCommand.Create(),
    LabCommand.Create(),
    EndpointCommand.Create(),
    DoctorCommand.Create(),
};
var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);

// Ctrl-C is each command's business: 'run' saves the notebook first.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
if (parsed.Errors.Count == 0)
{
    return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
}

// Only what is wrong, not pages of help above or below it; 2, because 1 means that a cell failed.
if (parsed.Action is ParseErrorAction wrong)
{
    (wrong.ShowHelp, wrong.ShowTypoCorrections) = (false, true);
}

await parsed.InvokeAsync(invocation).ConfigureAwait(false);
var command = parsed.CommandResult.Command;
await Console.Error.WriteLineAsync(
    $"'beamline {(command == root ? "" : command.Name + " ")}--help' shows what can be given.").ConfigureAwait(false);
return 2;
