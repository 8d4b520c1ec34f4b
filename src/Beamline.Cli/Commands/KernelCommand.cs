using System.CommandLine;
using Beamline.Compute;
using Beamline.Extension;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline kernel install --user</c>, <c>uninstall</c>, <c>list</c> and <c>start</c>.</summary>
internal static class KernelCommand
{
    private const int UsageError = 2;

    internal static Command Create() => new("kernel", "The Jupyter kernel \"C# (Beamline)\".")
    {
        Install(),
        Uninstall(),
        List(),
        Start(),
    };

    private static Command Install()
    {
        var (user, prefix, sysPrefix) = Places();
        var command = new Command("install", "Make the kernel known to Jupyter, VS Code and nbconvert under the name 'beamline'.")
        {
            user, prefix, sysPrefix,
        };
        command.SetAction(parsed => Guarded("install", () =>
        {
            if (Place(parsed.GetValue(user), parsed.GetValue(prefix), parsed.GetValue(sysPrefix)) is not { } place)
            {
                return UsageError;
            }

            var folder = KernelSpecInstaller.Install(place, StartCommand());
            Console.WriteLine($"installed the kernel 'beamline' in {folder}");
            Console.WriteLine($"and what JupyterLab and Notebook 7 need for exact values in viewers and for widgets of your own in {place.LabExtensionFolder}");
            return 0;
        }));
        return command;
    }

    private static Command Uninstall()
    {
        var (user, prefix, sysPrefix) = Places();
        var command = new Command("uninstall", "Remove the kernel from one place.") { user, prefix, sysPrefix };
        command.SetAction(parsed => Guarded("uninstall", () =>
        {
            if (Place(parsed.GetValue(user), parsed.GetValue(prefix), parsed.GetValue(sysPrefix)) is not { } place)
            {
                return UsageError;
            }

            var removed = KernelSpecInstaller.Uninstall(place);
            Console.WriteLine(removed ? $"removed {place.Folder}" : $"there was no kernel in {place.Folder}");
            return 0;
        }));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the kernels that Jupyter and 'beamline run --kernel' find here.");
        command.SetAction(_ => Guarded("list", () =>
        {
            foreach (var (name, display, folder) in KernelSpecInstaller.List())
            {
                Console.WriteLine($"{name}  {display ?? "(broken: its kernel.json cannot be used)"}  {folder}");
            }

            return 0;
        }));
        return command;
    }

    private static Command Start()
    {
        var connection = new Argument<string?>("connection-file")
        {
            Description = "The connection file that Jupyter wrote. Without one the kernel writes its own and says how to connect.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (device, memory) = (ComputeOptions.Device(), ComputeOptions.MemoryLimit());
        var completion = new Option<string?>("--completion")
        {
            Description = "light: answers from the compiler (the default). full: Roslyn's editor features, too, for 110 MB more.",
        };
        completion.AcceptOnlyFromAmong("light", "full");
        var command = new Command("start", "Serve Jupyter front ends; Jupyter calls this.") { connection, device, memory, completion };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(completion) is { } tier)
            {
                // The same variable can stand under "env" in kernel.json.
                Environment.SetEnvironmentVariable("BEAMLINE_COMPLETION", tier);
            }

            var chosen = parsed.GetValue(device);
            try
            {
                // A GPU that is not there is told now, not in the first cell that computes. Auto always finds something,
                // and looking for it would keep Jupyter waiting.
                if (chosen != Device.Auto)
                {
                    _ = ComputeDevices.Resolve(chosen);
                }
            }
            catch (DeviceNotFoundException e)
            {
                await Console.Error.WriteLineAsync($"beamline kernel start: {e.Message}").ConfigureAwait(false);
                return UsageError;
            }

            return await KernelHost.RunAsync(
                parsed.GetValue(connection), [new BeamlineExtension()], chosen, parsed.GetValue(memory), cancellation).ConfigureAwait(false);
        });
        return command;
    }

    private static (Option<bool> User, Option<string?> Prefix, Option<bool> SysPrefix) Places() => (
        new Option<bool>("--user") { Description = "For you alone (the default)." },
        new Option<string?>("--prefix") { Description = "Under PATH/share/jupyter, for instance of a conda environment." },
        new Option<bool>("--sys-prefix") { Description = "Into the active virtual environment, or for all users." });

    private static KernelSpecPlace? Place(bool user, string? prefix, bool sysPrefix)
    {
        if ((user ? 1 : 0) + (prefix is null ? 0 : 1) + (sysPrefix ? 1 : 0) > 1)
        {
            Console.Error.WriteLine("beamline kernel: give one of --user, --prefix and --sys-prefix.");
            return null;
        }

        return prefix is not null ? KernelSpecPlace.Prefix(prefix)
            : sysPrefix ? KernelSpecPlace.ActivePrefix()
            : KernelSpecPlace.User;
    }

    /// <summary>How this program is started again: by its own executable, or by dotnet and its assembly.</summary>
    internal static string[] StartCommand()
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "beamline.dll");
        var host = Environment.ProcessPath;
        return host is not null && Path.GetFileNameWithoutExtension(host) == "beamline"
            ? [host, "kernel", "start", "{connection_file}"]
            : [host ?? "dotnet", assembly, "kernel", "start", "{connection_file}"];
    }

    private static int Guarded(string verb, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"beamline kernel {verb}: {e.Message}");
            return UsageError;
        }
    }
}
