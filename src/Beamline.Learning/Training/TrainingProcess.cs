using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Beamline.Packages;

namespace Beamline.Learning;

/// <summary>The child process that trains, as seen by its parent.</summary>
internal sealed class TrainingProcess : IDisposable
{
    private const int TailLines = 20;
    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private TrainingProcess(Process process) => _process = process;

    /// <summary>Number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it on a job.</summary>
    /// <param name="folder">Folder of the job.</param>
    /// <exception cref="InvalidOperationException">This program cannot be started again as a child.</exception>
    public static TrainingProcess Start(string folder)
    {
        var start = StartInfo(folder);
        var made = new TrainingProcess(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start."));
        made._process.ErrorDataReceived += (_, e) => made.AddError(e.Data);
        made._process.BeginErrorReadLine();
        return made;
    }

    /// <summary>How this assembly is started as a program of its own.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="InvalidOperationException">This program cannot be started again as a child.</exception>
    internal static ProcessStartInfo StartInfo(params string[] arguments)
    {
        // The child is this assembly, with the dependencies and the framework of the program that it was loaded into.
        var own = typeof(TrainingProcess).Assembly.Location;
        var depsFile = ((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "").Split(';').FirstOrDefault(f => f.EndsWith(".deps.json", StringComparison.Ordinal));
        var config = depsFile is null ? null : depsFile[..^".deps.json".Length] + ".runtimeconfig.json";
        var dotnet = new DotNetProcess().Program;
        if (own.Length == 0 || depsFile is null || !File.Exists(config) || dotnet is null)
        {
            throw new InvalidOperationException(
                "A training runs in a process of its own, and this program cannot start one (" +
                (dotnet is null ? "no 'dotnet' was found" : "it is a single file, or its .deps.json and .runtimeconfig.json are missing") +
                "). Set TrainingOptions.InThisProcess; an error inside libtorch's gradients may then end the program.");
        }

        var start = new ProcessStartInfo(dotnet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["exec", "--depsfile", depsFile, "--runtimeconfig", config, own, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Tells it something: pause, go, stop, preview. Any thread may.</summary>
    public void Tell(string word)
    {
        try
        {
            lock (_process)
            {
                _process.StandardInput.WriteLine(word);
                _process.StandardInput.Flush();
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>Reads what it says to its end.</summary>
    /// <exception cref="TrainingFailedException">It failed or died.</exception>
    public async Task<TrainingReport> ListenAsync(Action<TrainingMessage> heard)
    {
        TrainingReport? report = null;
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            var message = line.StartsWith('{') ? JsonSerializer.Deserialize<TrainingMessage>(line, TrainingMessage.Json) : null;
            if (message?.Error is { } error)
            {
                throw message.ErrorType == nameof(TorchNotAvailableException) ? new TorchNotAvailableException(error) : new TrainingFailedException(error);
            }

            report = message?.Report ?? report;
            if (message is not null)
            {
                heard(message);
            }
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        return report is not null && _process.ExitCode == 0 ? report : throw new TrainingFailedException(
            $"The training process ended by itself (exit code {_process.ExitCode}{Signal(_process.ExitCode)}). This notebook and its variables are not touched by that." + Tail());
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        _process.Dispose();
    }

    private static string Signal(int exitCode) => exitCode switch
    {
        137 => ": killed, most often because the memory was used up; take a smaller network, batch or patch",
        139 => ": an invalid memory access inside a native library",
        134 => ": aborted inside a native library",
        _ => "",
    };

    private void AddError(string? line)
    {
        if (line is not null)
        {
            lock (_errors)
            {
                _errors.Enqueue(line);
                while (_errors.Count > TailLines)
                {
                    _errors.Dequeue();
                }
            }
        }
    }

    private string Tail()
    {
        lock (_errors)
        {
            return _errors.Count > 0 ? $" Its last words:\n{string.Join('\n', _errors)}" : "";
        }
    }
}
