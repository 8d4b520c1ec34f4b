using System.Text.RegularExpressions;
using Beamline.Remote.Tests.Slurm;

namespace Beamline.Notebooks.Tests;

/// <summary>"Ten minutes to a real cluster" of docs/remote.md, line by line, for somebody who has nothing but ssh to a login node.</summary>
[Collection("Notebook runs")]
public sealed class TenMinutesTests(SlurmCluster cluster) : IDisposable
{
    private readonly CellRuns _cells = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _cells.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_stranger_who_follows_the_page_runs_cells_on_the_cluster()
    {
        cluster.Need();
        Assert.SkipUnless(File.Exists("/usr/sbin/sshd"), "There is no sshd here.");
        await using var sshd = await RealSshd.StartAsync(_folder, $"SLURM_CONF={cluster.Conf}");
        // What stands in a user's own ~/.ssh/config: ssh reads that of the account, whatever HOME says.
        Directory.CreateDirectory(_folder.File("bin"));
        Executable.Make(_folder.Write("bin/ssh", $"#!/bin/sh\nexec /usr/bin/ssh -F {sshd.Config} \"$@\"\n"));
        Environment.SetEnvironmentVariable("PATH", $"{_folder.File("bin")}:{_path}");

        // The lines of the page, with this cluster's names.
        var page = await File.ReadAllTextAsync(Repository.PathOf("docs", "remote.md"));
        var add = Regex.Match(page, "#!endpoint add cluster .*").Value
            .Replace("cluster", "far", StringComparison.Ordinal)
            .Replace("login.example.org", "emulated-login", StringComparison.Ordinal)
            .Replace("/shared/me/beamline-program/", AppContext.BaseDirectory, StringComparison.Ordinal)
            .Replace("/shared/me/beamline", _folder.File("beamline"), StringComparison.Ordinal)
            .Replace("--partition cpu", "--partition debug", StringComparison.Ordinal);
        Assert.Contains("--host emulated-login", add, StringComparison.Ordinal);
        Assert.Contains("#!endpoint test far tries it", await Good(add), StringComparison.Ordinal);
        Assert.Contains("far (slurm)", await Good("#!endpoint list"), StringComparison.Ordinal);
        Assert.Contains("far runs cells", await Good("#!endpoint test far"), StringComparison.Ordinal);
        await Good("var xs = Enumerable.Range(0, 1000).Select(i => (double)i).ToArray();");
        var line = Regex.Match(page, "`#!remote cluster (.*?)`").Groups[1].Value;
        Assert.Contains("summed on n", await Good($"#!remote far {line}\nvar sum = xs.Sum(); var node = Environment.MachineName; Console.WriteLine($\"summed on {{node}}\");"), StringComparison.Ordinal);
        await Good("if (sum != xs.Sum() || !node.StartsWith('n')) throw new Exception($\"{sum} on {node}\");");

        // What goes wrong is said by name.
        Assert.Contains("There is no partition 'gpu'; there are debug, short", await _cells.Fails("#!remote far --partition gpu\n1 + 1"), StringComparison.Ordinal);
        Assert.Contains("There is an endpoint far already", await _cells.Fails(add), StringComparison.Ordinal);
    }

    private async Task<string> Good(string code) =>
        string.Concat((await _cells.Run(code)).Outputs.Select(o => (string?)o!["text"] ?? (string?)o["data"]?["text/plain"] ?? ""));
}
