using System.Globalization;
using System.Text;
using System.Xml;

namespace Beamline.Kernel;

/// <summary>
/// Runs as JUnit XML, the form that Jenkins, GitLab, GitHub actions and Azure read: a suite for each notebook and a case for
/// each code cell. A failed cell is a failure, bad input and a lack of time are errors of the suite's own case "run".
/// </summary>
internal static class JUnitReport
{
    public static string Write(IReadOnlyList<RunResult> runs)
    {
        var suites = runs.Select(run => (Run: run, Cases: Cases(run).ToArray())).ToArray();
        using var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            Counts(xml, "beamline run", [.. suites.SelectMany(s => s.Cases)], runs.Sum(r => r.Duration.TotalSeconds));
            foreach (var (run, cases) in suites)
            {
                Suite(xml, run, cases);
            }

            xml.WriteEndElement();
        }

        return text + "\n";
    }

    private static void Suite(XmlWriter xml, RunResult run, Case[] cases)
    {
        var name = Path.GetFileName(run.NotebookPath);
        xml.WriteStartElement("testsuite");
        Counts(xml, name, cases, run.Duration.TotalSeconds);
        xml.WriteAttributeString("timestamp", run.Started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        foreach (var test in cases)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("name", test.Name);
            xml.WriteAttributeString("classname", Path.GetFileNameWithoutExtension(name));
            xml.WriteAttributeString("time", Seconds(test.Seconds));
            if (test.Kind is { } kind)
            {
                xml.WriteStartElement(kind);
                xml.WriteAttributeString("message", Clean(test.Message));
                if (kind != "skipped")
                {
                    xml.WriteAttributeString("type", test.Type);
                    xml.WriteString(Clean(test.Text));
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static IEnumerable<Case> Cases(RunResult run)
    {
        foreach (var cell in run.Cells)
        {
            var name = $"cell {cell.Index}";
            var seconds = cell.Duration.TotalSeconds;
            var different = run.Differences.Where(d => d.Cell == cell.Index).ToArray();
            yield return cell.Status switch
            {
                CellRunStatus.Skipped => new Case(name, seconds, "skipped", "skipped", "tagged skip-execution, or empty", ""),
                CellRunStatus.Failed => Ended("failure", cell.Error?.Split(':')[0] ?? "error"),
                CellRunStatus.TimedOut => Ended("error", "timeout"),
                CellRunStatus.Cancelled => Ended("error", "cancelled"),
                _ when different.Length > 0 => new Case(
                    name, seconds, "failure", "difference", different[0].Text,
                    string.Join('\n', different.Select(d => d.ToString()))),
                _ => new Case(name, seconds, null, "", "", ""),
            };

            Case Ended(string kind, string type) =>
                new(name, seconds, kind, type, cell.Error ?? type, string.Join('\n', cell.Traceback));
        }

        // What belongs to no cell that was reached must not look like a success.
        var told = run.Differences.Count > 0 || run.Cells.Any(c =>
            c.Status is CellRunStatus.Failed or CellRunStatus.TimedOut or CellRunStatus.Cancelled);
        if (run.ExitCode != 0 && !told)
        {
            yield return new Case("run", 0, "error", $"exit code {run.ExitCode}", run.Message, run.Message);
        }
    }

    private static void Counts(XmlWriter xml, string name, Case[] cases, double seconds)
    {
        xml.WriteAttributeString("name", Clean(name));
        xml.WriteAttributeString("tests", Count(cases.Length));
        xml.WriteAttributeString("failures", Count(cases.Count(c => c.Kind == "failure")));
        xml.WriteAttributeString("errors", Count(cases.Count(c => c.Kind == "error")));
        xml.WriteAttributeString("skipped", Count(cases.Count(c => c.Kind == "skipped")));
        xml.WriteAttributeString("time", Seconds(seconds));
    }

    // A cell may print what XML cannot hold; one such character would cost the whole report.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                clean.Append(text, i++, 2);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\ufffd');
            }
        }

        return clean.ToString();
    }

    private static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private sealed record Case(string Name, double Seconds, string? Kind, string Type, string Message, string Text);

    private sealed class Utf8Writer : StringWriter
    {
        public override Encoding Encoding => new UTF8Encoding(false);
    }
}
