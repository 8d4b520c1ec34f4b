using System.CommandLine;
using System.Runtime.InteropServices;
using Beamline.Compute;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline doctor</c>: what this machine offers, what is missing, and the command that fixes it.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var command = new Command("doctor", "List devices, libraries and front ends, and what is missing with the command that fixes it.");
        command.SetAction(_ => Run(Console.Out));
        return command;
    }

    internal static int Run(TextWriter output)
    {
        output.WriteLine($"Beamline {typeof(DoctorCommand).Assembly.GetName().Version!.ToString(3)} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}");
        output.WriteLine();
        var serious = 0;
        foreach (var group in DoctorChecks.All().GroupBy(c => c.Group))
        {
            output.WriteLine(group.Key);
            foreach (var check in group)
            {
                var mark = check.State switch { CheckState.Good => "ok     ", CheckState.Optional => "absent ", _ => "MISSING" };
                output.WriteLine($"  {mark} {check.Name}: {check.Finding}");
                if (check.Fix is { } fix)
                {
                    output.WriteLine($"          -> {fix}");
                }

                serious += check.State == CheckState.Missing ? 1 : 0;
            }
        }

        output.WriteLine();
        output.WriteLine(serious == 0
            ? "Everything that 'beamline run' needs is here."
            : $"{serious} thing(s) that 'beamline run' needs are missing.");
        return serious == 0 ? 0 : 1;
    }
}
