using System.Diagnostics;
using System.Text.Json;

namespace Beamline.Cli.Tests;

/// <summary><c>beamline kernel</c>, up to a notebook that stock nbconvert executes with the installed kernel.</summary>
public sealed class KernelCommandTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Install_writes_a_kernelspec_and_uninstall_takes_it_away()
    {
        Child.Run(_folder.Root, "kernel", "install", "--prefix", _folder["env"]).ExitedWith(0);
        var spec = Path.Combine(_folder["env"], "share", "jupyter", "kernels", "beamline");
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(spec, "kernel.json")));
        Assert.Equal("C# (Beamline)", json.RootElement.GetProperty("display_name").GetString());
        Assert.Equal("message", json.RootElement.GetProperty("interrupt_mode").GetString());
        var command = json.RootElement.GetProperty("argv").EnumerateArray().Select(a => a.GetString()).ToArray();
        Assert.Equal(["kernel", "start", "{connection_file}"], command[^3..]);
        Assert.True(File.Exists(Path.Combine(spec, "logo-64x64.png")));
        // What JupyterLab reads of a prebuilt extension; tests/Beamline.Browser.Tests sees it at work.
        var extension = Path.Combine(_folder["env"], "share", "jupyter", "labextensions", "beamline");
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(extension, "package.json")));
        Assert.Equal("beamline", package.RootElement.GetProperty("name").GetString());
        var script = package.RootElement.GetProperty("jupyterlab").GetProperty("_build").GetProperty("load").GetString()!;
        var text = File.ReadAllText(Path.Combine(extension, script));
        Assert.Contains("_JUPYTERLAB", text, StringComparison.Ordinal);
        Assert.Contains("0.9.0-beamline", text, StringComparison.Ordinal);
        Assert.Contains("class AnyModel", text, StringComparison.Ordinal);

        Child.Run(_folder.Root, "kernel", "uninstall", "--prefix", _folder["env"]).ExitedWith(0);
        Assert.False(Directory.Exists(spec) || Directory.Exists(extension));
        var again = Child.Run(_folder.Root, "kernel", "uninstall", "--prefix", _folder["env"]).ExitedWith(0);
        Assert.Contains("there was no kernel", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_places_at_once_are_refused() =>
        Child.Run(_folder.Root, "kernel", "install", "--user", "--prefix", _folder["env"]).ExitedWith(2).SaysInErrors("one of --user, --prefix");

    [Fact]
    public void A_prefix_that_is_a_file_is_refused()
    {
        File.WriteAllText(_folder["env"], "");
        Child.Run(_folder.Root, "kernel", "install", "--prefix", _folder["env"]).ExitedWith(2).SaysInErrors("beamline kernel install: ");
    }

    [Fact]
    public void Start_refuses_what_is_no_connection_file()
    {
        Child.Run(_folder.Root, "kernel", "start", "nowhere.json").ExitedWith(2).SaysInErrors("nowhere.json");
        File.WriteAllText(_folder["empty.json"], "{}");
        Child.Run(_folder.Root, "kernel", "start", "empty.json").ExitedWith(2).SaysInErrors("key");
    }

    [Fact]
    public void Nbconvert_executes_the_first_notebook_with_the_installed_kernel()
    {
        const string Install = "nbconvert is not installed: sudo apt-get install python3-nbconvert python3-nbclient";
        Assert.SkipUnless(File.Exists(Python) && RunPython("-c", "import nbconvert, nbclient").Code == 0, Install);
        Child.Run(_folder.Root, "kernel", "install", "--prefix", _folder["env"]).ExitedWith(0);
        Directory.CreateDirectory(_folder["notebooks"]);
        Directory.CreateDirectory(_folder["data-samples"]);
        File.Copy(Repository.PathOf("notebooks", "01-first-reconstruction.ipynb"), Path.Combine(_folder["notebooks"], "a.ipynb"));
        File.Copy(Repository.PathOf("data-samples", "foam.h5"), Path.Combine(_folder["data-samples"], "foam.h5"));
        var (code, text) = RunPython(
            "-m", "nbconvert", "--to", "html", "--execute", Path.Combine(_folder["notebooks"], "a.ipynb"), "--output-dir", _folder.Root, "--output", "page.html");
        Assert.True(code == 0, text);
        var page = File.ReadAllText(_folder["page.html"]);
        Assert.Contains("rotation axis at column 98.9", page, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["notebooks"], "output", "volume.h5")));
    }

    private (int Code, string Text) RunPython(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Root };
        start.Environment["JUPYTER_PATH"] = Path.Combine(_folder["env"], "share", "jupyter");
        start.Environment["JUPYTER_RUNTIME_DIR"] = _folder["runtime"];
        start.Environment["IPYTHONDIR"] = _folder["ipython"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
