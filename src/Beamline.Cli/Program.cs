using System.CommandLine;
using Beamline.Cli.Commands;

// Ctrl-C is each command's business: 'run' saves the notebook first.
var root = new RootCommand("Beamline: notebooks for X-ray imaging in C#.")
{
    RunCommand.Create(),
    KernelCommand.Create(),
    SampleCommand.Create(),
    DoctorCommand.Create(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }).ConfigureAwait(false);
