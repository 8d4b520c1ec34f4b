using System.Xml.Linq;

namespace Beamline.Kernel.Tests;

/// <summary>JUnit reports hold what servers count.</summary>
[Collection(nameof(RunnerCollection))]
public sealed class ReportTests : IDisposable
{
    private readonly RunnerFixture _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_case_for_each_cell_with_its_end()
    {
        var path = _run.Notebook("1", "", "throw new Exception(\"<&> \\u0001 \\ud83d\\ude00\");", "3");
        await _run.RunAsync(new RunOptions { NotebookPath = path, ReportPath = _run.Folder.File("r/report.XML") });
        var suites = XDocument.Load(_run.Folder.File("r/report.XML")).Root!;
        Assert.Equal("testsuites", suites.Name);
        var suite = Assert.Single(suites.Elements());
        Assert.Equal(
            ["book.ipynb", "3", "1", "0", "1"],
            ((string[])["name", "tests", "failures", "errors", "skipped"]).Select(a => (string?)suite.Attribute(a)));
        Assert.Equal(["cell 2", "cell 3", "cell 4"], suite.Elements("testcase").Select(c => (string?)c.Attribute("name")));
        var failure = suite.Elements().Last().Element("failure")!;
        Assert.Equal("Exception: <&> \ufffd 😀", (string?)failure.Attribute("message"));
        Assert.Contains("line 1", failure.Value);
        Assert.NotNull(suite.Elements().ElementAt(1).Element("skipped"));
        Assert.Equal("", (string?)suite.Attribute("hostname") ?? "");
    }

    [Fact]
    public async Task Out_of_time_is_an_error_and_what_never_ran_is_no_success()
    {
        var path = _run.Notebook("Thread.Sleep(-1);");
        var slow = await _run.RunAsync(new RunOptions { NotebookPath = path, CellTimeout = TimeSpan.FromMilliseconds(300) });
        var missing = await _run.RunAsync(new RunOptions { NotebookPath = _run.Folder.File("none.ipynb") });
        RunReport.Save(_run.Folder.File("all.xml"), [slow, missing]);
        var suites = XDocument.Load(_run.Folder.File("all.xml")).Root!;
        Assert.Equal(("2", "2"), ((string?)suites.Attribute("tests"), (string?)suites.Attribute("errors")));
        Assert.Equal(["timeout", "exit code 2"], suites.Descendants("error").Select(e => (string?)e.Attribute("type")));
        Assert.Equal(124, RunReport.ExitCode([slow, missing]));
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_told_before_the_cells_run()
    {
        var path = _run.Notebook("1");
        foreach (var report in (string[])[Path.Combine(path, "r.xml"), _run.Folder.Path])
        {
            var result = await _run.RunAsync(new RunOptions { NotebookPath = path, ReportPath = report });
            Assert.Equal(2, result.ExitCode);
            Assert.StartsWith("The report cannot be saved as", result.Message);
        }

        Assert.Empty(_run.Heard);
    }

    [Fact]
    public async Task The_notebook_says_how_its_outputs_came_about_and_does_not_name_the_machine()
    {
        var path = _run.Notebook("1");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, Device = Beamline.Compute.Device.Cpu });
        var saved = NotebookDocument.Load(result.OutputPath!);
        var run = saved.Metadata["beamline"]!["run"]!;
        Assert.StartsWith(".NET 10.", (string?)run["runtime"]);
        Assert.StartsWith("0.", (string?)run["beamline"]);
        Assert.StartsWith("cpu", (string?)run["device"]);
        Assert.Equal(("finished", 0, "beamline"), ((string?)run["state"], (int)run["exit_code"]!, (string?)run["kernel"]));
        Assert.True((double)run["seconds"]! > 0);
        Assert.InRange((DateTimeOffset)run["started"]!, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow);
        Assert.DoesNotContain(Environment.MachineName, saved.Metadata.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        await JupyterPython.ValidateAsync(result.OutputPath!);
    }
}
