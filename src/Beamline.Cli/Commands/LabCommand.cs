using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline lab</c>: the Jupyter of this machine, with the kernel and the tutorials, and nothing installed.</summary>
internal static class LabCommand
{
    private static readonly (string Program, string Name)[] Known =
        [("jupyter-lab", "JupyterLab"), ("jupyter-notebook", "Jupyter Notebook")];

    internal static Command Create()
    {
        var folder = new Option<string>("--folder")
        {
            Description = "Where the tutorials are copied to and Jupyter opens; files that are there stay as they are.",
            DefaultValueFactory = _ => "beamline-tutorials",
        };
        var arguments = new Argument<string[]>("jupyter-arguments")
        {
            Description = "Passed on to Jupyter, after --; for instance: beamline lab -- --no-browser --port=8890",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("lab", "Start the Jupyter that is installed here, with the kernel 'C# (Beamline)' and the tutorials.") { folder, arguments };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(arguments) ?? []));
        return command;
    }

    private static async Task<int> RunAsync(string folder, string[] arguments)
    {
        var found = Known.Select(k => (Path: DoctorChecks.OnPath(k.Program), k.Name)).FirstOrDefault(k => k.Path is not null);
        if (found.Path is null)
        {
            await Console.Error.WriteLineAsync(
                "beamline lab: no Jupyter was found (looked for jupyter-lab and jupyter-notebook on PATH). " +
                "Install one, for instance: pip install jupyterlab. 'beamline run' runs notebooks without Jupyter.").ConfigureAwait(false);
            return RunCommand.UsageError;
        }

        var data = Directory.CreateTempSubdirectory("beamline-lab-").FullName;
        try
        {
            Tutorials.CopyTo(folder);
            KernelSpecInstaller.Install(KernelSpecPlace.Prefix(data), KernelCommand.StartCommand());
            await Console.Error.WriteLineAsync($"{found.Name} opens {Path.GetFullPath(folder)}").ConfigureAwait(false);
            return await StartAsync(found.Path, folder, Path.Combine(data, "share", "jupyter"), arguments).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync($"beamline lab: {e.Message}").ConfigureAwait(false);
            return RunCommand.UsageError;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<int> StartAsync(string program, string folder, string data, string[] arguments)
    {
        // Jupyter keeps its own token and its own loopback address: nothing here opens it further.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.GetFullPath(folder) };
        var before = Environment.GetEnvironmentVariable("JUPYTER_PATH");
        start.Environment["JUPYTER_PATH"] = before is { Length: > 0 } ? data + Path.PathSeparator + before : data;

        // Ctrl-C reaches Jupyter, too, which asks whether it is meant; this process waits for the answer.
        void Ignore(object? sender, ConsoleCancelEventArgs e) => e.Cancel = true;
        Console.CancelKeyPress += Ignore;
        try
        {
            using var jupyter = Process.Start(start)!;
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                jupyter.Kill(entireProcessTree: true);
            });
            await jupyter.WaitForExitAsync().ConfigureAwait(false);
            return jupyter.ExitCode;
        }
        finally
        {
            Console.CancelKeyPress -= Ignore;
        }
    }
}
