using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Beamline.Cli.Tests;

/// <summary><c>beamline lab</c> with Debian's classic Notebook, and without any Jupyter.</summary>
public sealed partial class LabTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_Jupyter_it_says_what_to_install()
    {
        Directory.CreateDirectory(_folder["empty"]);
        using var child = Child.Start(_folder.Root, new Dictionary<string, string> { ["PATH"] = _folder["empty"] }, "lab");
        child.WaitForEnd().ExitedWith(2).SaysInErrors("no Jupyter was found", "pip install jupyterlab", "'beamline run'");
        Assert.Equal(["empty"], _folder.Names);
    }

    [Fact]
    public async Task It_serves_the_tutorials_with_the_kernel_and_keeps_the_token()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/jupyter-notebook"), "Jupyter Notebook is not installed: sudo apt-get install jupyter-notebook");
        Directory.CreateDirectory(_folder["work/notebooks"]);
        await File.WriteAllTextAsync(_folder["work/notebooks/01-first-reconstruction.ipynb"], "mine");
        var port = FreePort();
        using var child = Child.Start(
            _folder.Root,
            new Dictionary<string, string>
            {
                // The one Jupyter that is found; its own files stay in this folder.
                ["PATH"] = "/usr/bin:/bin", ["HOME"] = _folder["home"], ["JUPYTER_CONFIG_DIR"] = _folder["config"],
                ["JUPYTER_RUNTIME_DIR"] = _folder["runtime"], ["JUPYTER_DATA_DIR"] = _folder["data"],
            },
            "lab", "--folder", "work", "--", "--no-browser", "--allow-root", $"--port={port}", "--port-retries=0");
        await child.Wrote($"http://127.0.0.1:{port}/?token=");
        var token = Token().Match(child.Errors).Groups[1].Value;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("api/kernelspecs")).StatusCode);
        http.DefaultRequestHeaders.Add("Authorization", $"token {token}");
        using var specs = JsonDocument.Parse(await http.GetStringAsync("api/kernelspecs"));
        var spec = specs.RootElement.GetProperty("kernelspecs").GetProperty("beamline");
        Assert.Equal("C# (Beamline)", spec.GetProperty("spec").GetProperty("display_name").GetString());
        Assert.Equal("C#", spec.GetProperty("spec").GetProperty("language").GetString());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("kernelspecs/beamline/logo-64x64.png")).StatusCode);
        using var contents = JsonDocument.Parse(await http.GetStringAsync("api/contents/notebooks"));
        Assert.Contains("00-csharp-in-ten-minutes.ipynb", contents.RootElement.GetProperty("content").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.True(File.Exists(_folder["work/data-samples/foam.h5"]));
        // What the user has made of a tutorial is his.
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder["work/notebooks/01-first-reconstruction.ipynb"]));
        child.Signal("TERM");
        child.WaitForEnd();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"\?token=([0-9a-f]+)")]
    private static partial Regex Token();
}
