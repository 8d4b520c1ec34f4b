using System.Diagnostics;
using System.Text;

namespace Beamline.Cli.Tests;

/// <summary>What a child process left behind.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    /// <summary>Everything that it wrote, for the message of a failed test.</summary>
    public string All => $"exit code {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Errors}";

    public Ended ExitedWith(int code)
    {
        Assert.True(ExitCode == code, $"expected exit code {code}; {All}");
        return this;
    }

    public Ended SaysInErrors(params string[] parts)
    {
        foreach (var part in parts)
        {
            Assert.True(Errors.Contains(part, StringComparison.Ordinal), $"'{part}' is not in the errors; {All}");
        }

        return this;
    }
}

/// <summary>The program <c>beamline</c> as a user starts it: a process of its own.</summary>
internal sealed class Child : IDisposable
{
    /// <summary>Only against a test that never ends; no test passes or fails by it otherwise.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task<string> _output;
    private readonly TaskCompletionSource _errorsEnded = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    private Child(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, e) => HearErrors(e.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public static Child Start(string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Program());
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new Child(start);
    }

    public static Ended Run(string folder, params string[] arguments)
    {
        using var child = Start(folder, null, arguments);
        return child.WaitForEnd();
    }

    public static Ended Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var child = Start(folder, environment, arguments);
        return child.WaitForEnd();
    }

    public Ended WaitForEnd()
    {
        if (!_process.WaitForExit(Longest))
        {
            _process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"The process did not end in {Longest}. It wrote: {_errors}");
        }

        _errorsEnded.Task.Wait(Longest);
        return new Ended(_process.ExitCode, _output.Result, _errors.ToString());
    }

    /// <summary>Waits until the process has written some text to standard error.</summary>
    public async Task Wrote(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_errors)
        {
            if (_errors.ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _awaited.Add((text, seen));
        }

        await seen.Task.WaitAsync(Longest);
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString()]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    internal static string Program()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "beamline.dll");
        foreach (var needed in new[] { program, Path.ChangeExtension(program, ".runtimeconfig.json") })
        {
            Assert.True(File.Exists(needed), $"{needed} is missing: build this project with 'dotnet build', which brings the program along.");
        }

        return program;
    }

    internal static string Dotnet()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host))
        {
            return host;
        }

        // The runtime that runs this test lies in ROOT/shared/Microsoft.NETCore.App/VERSION.
        var root = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var beside = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(beside) ? beside : "dotnet";
    }

    private void HearErrors(string? line)
    {
        if (line is null)
        {
            _errorsEnded.TrySetResult();
            return;
        }

        lock (_errors)
        {
            _errors.Append(line).Append('\n');
            var all = _errors.ToString();
            foreach (var (text, seen) in _awaited)
            {
                if (all.Contains(text, StringComparison.Ordinal))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}
