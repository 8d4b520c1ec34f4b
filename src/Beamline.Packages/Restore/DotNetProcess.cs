using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Beamline.Packages;

/// <summary>Runs <c>dotnet</c>: without a terminal, in English, and killed with its children when the cell is stopped.</summary>
internal sealed class DotNetProcess
{
    /// <summary>The program; null when none was found.</summary>
    public string? Program { get; init; } = Find();

    /// <summary>After this it is killed. BEAMLINE_RESTORE_TIMEOUT (seconds) sets it; large packages need minutes.</summary>
    public TimeSpan Timeout { get; init; } = FromEnvironment() ?? TimeSpan.FromMinutes(15);

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code and all that it wrote.</returns>
    /// <exception cref="PackageException">There is no dotnet, or it took too long.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped; dotnet and its children are gone.</exception>
    public async Task<(int ExitCode, string Output)> RunAsync(
        string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program ?? throw NoSdk("The program 'dotnet' was not found."))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        SetEnvironment(start.Environment);
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(start);
        var output = new StringBuilder();
        void Add(object sender, DataReceivedEventArgs e)
        {
            lock (output)
            {
                output.AppendLine(e.Data);
            }
        }

        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);

        // Killed by the token itself: the code after the await may never run when the cell's pump was stopped.
        await using var kill = limit.Token.Register(() => Kill(process)).ConfigureAwait(false);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PackageException(
                $"'dotnet {string.Join(' ', arguments.Take(1))}' took longer than {Timeout.TotalSeconds:0} s and was stopped. Nothing was changed. " +
                "For large packages or a slow network set the environment variable BEAMLINE_RESTORE_TIMEOUT to more seconds.");
        }

        lock (output)
        {
            return (process.ExitCode, output.ToString());
        }
    }

    /// <summary>The error of a machine without an SDK.</summary>
    public static PackageException NoSdk(string what) => new(
        $"{what} Packages and projects need the .NET SDK 10 (the runtime alone is not enough): install it from " +
        "https://dot.net and make sure that 'dotnet' is on the PATH of Jupyter, or set DOTNET_ROOT. " +
        "Assemblies can still be referred to by #r \"file.dll\".");

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw NoSdk("The program 'dotnet' does not start.");
        }
        catch (Win32Exception exception)
        {
            throw NoSdk($"{start.FileName} does not start ({exception.Message}).");
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or is ending.
        }
    }

    private static void SetEnvironment(IDictionary<string, string?> environment)
    {
        // 'dotnet test' and 'dotnet run' tell their children about their own build; a restore must not believe it.
        foreach (var name in environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            environment.Remove(name);
        }

        environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        environment["DOTNET_NOLOGO"] = "1";
        environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        environment["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "true";
        environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";

        // Build nodes that live on would keep files open, and the process of the cell would seem to have children.
        environment["MSBUILDDISABLENODEREUSE"] = "1";
    }

    private static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

        // The installation that this process runs on comes before the PATH, which Jupyter often sets up anew.
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string?[] places =
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? Path.Combine(root, name) : null,
            Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", name)),
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(p => p.Length > 0)
                .Select(p => Path.Combine(p, name)),
        ];
        return places.FirstOrDefault(p => p is { Length: > 0 } && File.Exists(p));
    }

    private static TimeSpan? FromEnvironment() =>
        double.TryParse(
            Environment.GetEnvironmentVariable("BEAMLINE_RESTORE_TIMEOUT"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) &&
        seconds is > 0 and < 1e6 ? TimeSpan.FromSeconds(seconds) : null;
}
