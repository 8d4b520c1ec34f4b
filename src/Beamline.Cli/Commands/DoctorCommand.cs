using System.CommandLine;
using System.Runtime.InteropServices;
using Beamline.Compute;
using Beamline.Kernel;
using Beamline.Learning;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline doctor</c>: what this machine offers, what is missing, and the command that fixes it.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var command = new Command("doctor", "List devices, libraries and front ends, and what is missing with the command that fixes it.");
        var fix = new Option<string?>("--fix") { Description = "Bring what is missing: torch (libtorch, 490 MB, into NuGet's package folder)." };
        fix.AcceptOnlyFromAmong("torch");
        command.Options.Add(fix);
        command.SetAction((parsed, cancellation) => parsed.GetValue(fix) is null ? Task.FromResult(Run(Console.Out)) : FixTorchAsync(Console.Out, cancellation));
        return command;
    }

    private static async Task<int> FixTorchAsync(TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            output.WriteLine(TorchRuntime.IsRestored ? "libtorch is there." : $"Restoring libtorch {TorchRuntime.Version} (490 MB) ...");
            await TorchRuntime.RestoreAsync(cancellationToken);
            output.WriteLine($"{await TorchRuntime.LoadAsync(cancellationToken)}: loads.");
            return 0;
        }
        catch (TorchNotAvailableException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
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
