using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Beamline.Kernel;

namespace Beamline.Browser.Tests;

/// <summary>Notebook servers of this machine with the kernel of this build, in folders of their own; each starts when a test first needs it.</summary>
public sealed class Jupyter : IAsyncLifetime
{
    // Only against a program that hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-browser-").FullName;
    private readonly List<Process> _servers = [];
    private Task<LabPage>? _lab;

    /// <summary>Where the servers find notebooks.</summary>
    public string Notebooks => Path.Combine(_folder, "notebooks");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Notebooks);
        var program = Path.Combine(AppContext.BaseDirectory, "beamline.dll");
        Assert.True(File.Exists(program), $"{program} is missing: build this project with 'dotnet build', which brings the program along.");
        KernelSpecInstaller.Install(KernelSpecPlace.Prefix(_folder), ["dotnet", program, "kernel", "start", "{connection_file}"]);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            // Ends its kernels, too.
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>JupyterLab's parts from npm with a notebook open, shared by all tests.</summary>
    internal async Task<LabPage> LabAsync(Chromium browser)
    {
        var page = await (_lab ??= OpenLabAsync(browser));
        page.Errors.Clear();
        return page;
    }

    /// <summary>The address of a notebook in the classic Notebook of this machine.</summary>
    internal async Task<string> ClassicAsync(string notebook)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/jupyter-notebook"), "Jupyter Notebook is not installed: sudo apt-get install jupyter-notebook");
        var (port, token) = (FreePort(), Guid.NewGuid().ToString("N"));
        await StartAsync(port, token, "/usr/bin/jupyter-notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--port-retries=0",
            $"--NotebookApp.token={token}", $"--notebook-dir={Notebooks}");
        return $"http://127.0.0.1:{port}/notebooks/{notebook}?token={token}";
    }

    /// <summary>Writes a notebook of one cell, with an output if there is one.</summary>
    internal void Write(string notebook, string? html = null)
    {
        var cell = new JsonObject
        {
            ["id"] = "one", ["cell_type"] = "code", ["source"] = "", ["metadata"] = new JsonObject(), ["execution_count"] = 1,
            ["outputs"] = html is null ? new JsonArray() : new JsonArray(new JsonObject
            {
                ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { ["text/html"] = html },
            }),
        };
        var kernel = new JsonObject { ["name"] = "beamline", ["display_name"] = "C# (Beamline)", ["language"] = "C#" };
        File.WriteAllText(Path.Combine(Notebooks, notebook), new JsonObject
        {
            ["nbformat"] = 4, ["nbformat_minor"] = 5, ["metadata"] = new JsonObject { ["kernelspec"] = kernel }, ["cells"] = new JsonArray(cell),
        }.ToJsonString());
    }

    private async Task<LabPage> OpenLabAsync(Chromium browser)
    {
        const string Needed = "JupyterLab's server is not installed: sudo apt-get install python3-jupyterlab-server";
        Assert.SkipUnless(File.Exists("/usr/lib/python3/dist-packages/jupyterlab_server/__init__.py"), Needed);
        var source = Repository.PathOf("tests", "Beamline.Browser.Tests", "lab");
        var folder = await Tool.NpmFolderAsync("lab", source, [.. Directory.GetFiles(source).Select(f => Path.GetFileName(f))]);
        var (code, text) = await Tool.RunAsync(folder, "node", "build.mjs", "page");
        Assert.True(code == 0, text);
        Write("lab.ipynb");
        var (port, token) = (FreePort(), Guid.NewGuid().ToString("N"));
        await StartAsync(port, token, "/usr/bin/python3", Path.Combine(folder, "server.py"), Path.Combine(folder, "page"), Notebooks, $"{port}", token);
        var page = new LabPage(await browser.NewPageAsync(), $"http://127.0.0.1:{port}/lab?token={token}");
        await page.LoadAsync();
        await page.OpenAsync("lab.ipynb");
        return page;
    }

    private async Task StartAsync(int port, string token, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, folder) in new[] { ("HOME", "home"), ("JUPYTER_CONFIG_DIR", "config"), ("JUPYTER_RUNTIME_DIR", "runtime"), ("JUPYTER_DATA_DIR", "share/jupyter"), ("IPYTHONDIR", "ipython") })
        {
            start.Environment[name] = Path.Combine(_folder, folder);
        }

        // The kernel needs the dotnet that runs this.
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location))));
        var server = Process.Start(start)!;
        _servers.Add(server);
        var log = new StringBuilder();
        void Keep(object sender, DataReceivedEventArgs e)
        {
            lock (log)
            {
                log.AppendLine(e.Data);
            }
        }

        server.OutputDataReceived += Keep;
        server.ErrorDataReceived += Keep;
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        using var http = new HttpClient();
        for (var begin = Stopwatch.StartNew(); ;)
        {
            try
            {
                (await http.GetAsync($"http://127.0.0.1:{port}/api/kernelspecs?token={token}")).EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (!server.HasExited && begin.Elapsed < Limit)
            {
                await Task.Delay(50);
            }
            catch (HttpRequestException)
            {
                Assert.Fail($"{program} does not serve: {log}");
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
