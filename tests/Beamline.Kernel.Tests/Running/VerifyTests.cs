using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary><c>--verify</c>: what counts as the same output, and what is told when it is not.</summary>
[Collection(nameof(RunnerCollection))]
public sealed class VerifyTests : IDisposable
{
    private readonly RunnerFixture _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task The_same_outputs_are_no_difference_and_another_one_is_named()
    {
        var path = _run.Notebook("Console.WriteLine(\"a\");\n1.5", "System.Environment.GetEnvironmentVariable(\"BEAMLINE_VERIFY_TEST\") ?? \"none\"");
        await _run.RunAsync(new RunOptions { NotebookPath = path, OutputPath = path });
        var same = await _run.RunAsync(new RunOptions { NotebookPath = path, Verify = new VerifyOptions() });
        Assert.Equal((0, 0), (same.ExitCode, same.Differences.Count));

        var other = await _run.RunAsync(new RunOptions
        {
            NotebookPath = path,
            Verify = new VerifyOptions(),
            ReportPath = _run.Folder.File("report.json"),
            KernelEnvironment = new Dictionary<string, string?> { ["BEAMLINE_VERIFY_TEST"] = "some" },
        });
        Assert.Equal((1, "1 output differs from what the notebook holds."), (other.ExitCode, other.Message));
        Assert.Equal("cell 3, output 1 (text/plain): line 1 was 'none', is 'some'", Assert.Single(other.Differences).ToString());
        Assert.Null(Environment.GetEnvironmentVariable("BEAMLINE_VERIFY_TEST"));
        var told = JsonNode.Parse(await File.ReadAllTextAsync(_run.Folder.File("report.json")))!["differences"]![0]!;
        Assert.Equal((3, "text/plain"), ((int)told["cell"]!, (string?)told["kind"]));

        // The notebook itself stays what it was: it is the reference.
        Assert.Equal("none", RunnerFixture.Text(NotebookDocument.Load(path).Cells[2]));
        foreach (var tag in (string[])[VerifyOptions.NondeterministicTag, VerifyOptions.SkipTag])
        {
            RunnerFixture.Tag(path, 2, tag);
            var tagged = await _run.RunAsync(new RunOptions
            {
                NotebookPath = path, Verify = new VerifyOptions(),
                KernelEnvironment = new Dictionary<string, string?> { ["BEAMLINE_VERIFY_TEST"] = "some" },
            });
            Assert.Equal((0, 0), (tagged.ExitCode, tagged.Differences.Count));
        }
    }

    [Fact]
    public async Task A_notebook_without_outputs_is_bad_input()
    {
        var path = _run.Notebook("1");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, Verify = new VerifyOptions() });
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("book.ipynb holds no outputs to compare with", result.Message);
        Assert.Empty(_run.Heard);
    }

    [Fact]
    public async Task An_error_that_is_expected_is_compared_by_name_and_message()
    {
        var path = _run.Notebook("throw new InvalidOperationException(\"beam \" + (System.Environment.GetEnvironmentVariable(\"BEAMLINE_VERIFY_TEST\") ?? \"off\"));");
        RunnerFixture.Tag(path, 1, "raises-exception");
        await _run.RunAsync(new RunOptions { NotebookPath = path, OutputPath = path });
        Assert.Equal(0, (await _run.RunAsync(new RunOptions { NotebookPath = path, Verify = new VerifyOptions() })).ExitCode);
        var other = await _run.RunAsync(new RunOptions
        {
            NotebookPath = path, Verify = new VerifyOptions(),
            KernelEnvironment = new Dictionary<string, string?> { ["BEAMLINE_VERIFY_TEST"] = "on" },
        });
        Assert.Equal("cell 2, output 1 (error): stored 'InvalidOperationException: beam off', now 'InvalidOperationException: beam on'", Assert.Single(other.Differences).ToString());
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VerifyOptions { NumberTolerance = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VerifyOptions { NumberTolerance = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VerifyOptions { ImageTolerance = 1.5 });
    }
}
