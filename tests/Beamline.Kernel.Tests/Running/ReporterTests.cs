using Beamline.Compute;

namespace Beamline.Kernel.Tests.Running;

public sealed class ReporterTests
{
    [Fact]
    public void A_terminal_gets_one_line_that_changes_in_place()
    {
        var writer = new StringWriter { NewLine = "\n" };
        var reporter = new TextRunReporter(writer, isTerminal: true);
        reporter.CellStarted(1, 2, "work");
        reporter.Progress(new ProgressReport("save", 0.25, "slice 1"), TimeSpan.FromSeconds(2));
        reporter.Progress(new ProgressReport("save", 0.5), TimeSpan.FromSeconds(4));
        var text = writer.ToString()["[1/2] work".Length..].TrimStart('\n');
        Assert.StartsWith("\rsave [#####...............] 25 %  slice 1  2 s, about 6 s left\rsave [##########..........] 50 %  4 s, about 4 s left", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
    }

    [Fact]
    public void A_log_gets_a_few_lines()
    {
        var writer = new StringWriter();
        var reporter = new TextRunReporter(writer, isTerminal: false);
        reporter.CellStarted(1, 2, "work");
        for (var i = 0; i < 1000; i++)
        {
            reporter.Progress(new ProgressReport("save", i / 1000.0), TimeSpan.FromSeconds(i * 0.2));
        }

        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 10, 20);
        Assert.DoesNotContain('\r', writer.ToString().Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.StartsWith("    save [##", lines[2], StringComparison.Ordinal);
    }
}
