using System.Diagnostics;

namespace Beamline.Kernel.Tests;

/// <summary>Runs Debian's Python with the kernel of these tests installed below a prefix of its own.</summary>
internal sealed class JupyterPython : IDisposable
{
    // A guard against a hung kernel on a busy machine, not a measurement.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private static readonly string Python = Environment.GetEnvironmentVariable("BEAMLINE_PYTHON") ??
        (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");

    private readonly TemporaryFolder _folder = new();

    private JupyterPython() => KernelSpecFolder = KernelSpecInstaller.Install(
        KernelSpecPlace.Prefix(Path.Combine(Folder, "prefix")),
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "Beamline.Kernel.TestHost.dll"), "kernel", "{connection_file}"]);

    /// <summary>A folder for files, removed at the end.</summary>
    public string Folder => _folder.Path;

    public string KernelSpecFolder { get; }

    /// <summary>Skips the test when a module is missing.</summary>
    public static async Task<JupyterPython> WithAsync(params string[] modules)
    {
        await RequireAsync(modules);
        return new JupyterPython();
    }

    public static async Task RequireAsync(params string[] modules)
    {
        foreach (var module in modules)
        {
            int code;
            try
            {
                (code, _) = await StartAsync(Path.GetTempPath(), [], "-c", $"import {module}");
            }
            catch (System.ComponentModel.Win32Exception)
            {
                code = -1;
            }

            Assert.SkipUnless(code == 0, $"{Python} has no module {module}. On Debian: apt-get install " +
                $"python3-{module.Replace('_', '-')}; elsewhere: pip install {module}, and set BEAMLINE_PYTHON.");
        }
    }

    /// <summary>Skips the test when a program is missing.</summary>
    public static void RequireProgram(string name) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))),
        $"There is no program {name}; eng/install-test-tools installs it on Debian.");

    /// <summary>Runs a unittest script that lies beside the tests; all its tests must have run and passed.</summary>
    public async Task TestAsync(string script, int tests, int skipped = 0)
    {
        var (code, text) = await RunAsync("-W", "ignore", Path.Combine(AppContext.BaseDirectory, "python", script), "-v");
        Assert.True(code == 0, text);
        Assert.Contains($"Ran {tests} tests in", text.Replace(" test in", " tests in", StringComparison.Ordinal));
        Assert.Equal(skipped, text.Split(" ... skipped").Length - 1);
    }

    /// <summary>Runs Python with the kernel installed.</summary>
    public Task<(int Code, string Text)> RunAsync(params string[] arguments) => StartAsync(
        Folder,
        new()
        {
            ["JUPYTER_PATH"] = Path.Combine(Folder, "prefix", "share", "jupyter"),
            ["JUPYTER_RUNTIME_DIR"] = Path.Combine(Folder, "runtime"),
            ["JUPYTER_CONFIG_DIR"] = Path.Combine(Folder, "config"),
            ["JUPYTER_DATA_DIR"] = Path.Combine(Folder, "jupyter-data"),
            ["IPYTHONDIR"] = Path.Combine(Folder, "ipython"),
            ["BEAMLINE_HISTORY"] = Path.Combine(Folder, "history.jsonl"),
            ["PYTHONDONTWRITEBYTECODE"] = "1",
        },
        arguments);

    /// <summary>Checks a notebook file by the schema of nbformat.</summary>
    public static async Task ValidateAsync(string path)
    {
        await RequireAsync("nbformat");
        var (code, text) = await StartAsync(Path.GetTempPath(), [], "-W", "error", "-c",
            "import sys, nbformat; b = nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT); " +
            "assert (b.nbformat, b.nbformat_minor) == (4, 5); nbformat.validate(b)", path);
        Assert.True(code == 0, text);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int Code, string Text)> StartAsync(
        string folder, Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        var text = await output + await error;
        return (process.ExitCode, text);
    }
}
