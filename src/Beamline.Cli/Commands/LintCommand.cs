using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Extension;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline lint NOTEBOOK...</c> and <c>beamline run --check-order NOTEBOOK</c>: they look, and run nothing.</summary>
internal static class LintCommand
{
    private const int UsageError = 2;

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Command Create()
    {
        var notebooks = new Argument<string[]>("notebook")
        {
            Description = "The notebooks (.ipynb) to look into.", Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Write the problems as JSON." };
        var ignore = new Option<string[]>("--ignore")
        {
            Description = $"A rule to leave out; may be repeated: {string.Join(", ", NotebookLinter.Rules)}.",
            AllowMultipleArgumentsPerToken = false,
        };
        ignore.AcceptOnlyFromAmong([.. NotebookLinter.Rules]);
        var command = new Command(
            "lint", "Find cells that fail or mislead when a notebook runs from top to bottom after a restart. Runs no cell.")
        {
            notebooks, json, ignore,
        };
        command.SetAction(parsed => Lint(
            parsed.GetRequiredValue(notebooks), parsed.GetValue(json), parsed.GetValue(ignore) ?? [], Console.Out, Console.Error));
        return command;
    }

    internal static int CheckOrder(string path, TextWriter output, TextWriter errors)
    {
        if (Load(path, errors, "run --check-order") is not { } document)
        {
            return UsageError;
        }

        var problems = NotebookLinter.CheckOrder(document, [new BeamlineExtension()]);
        if (problems.Count == 0)
        {
            var hasResults = document.Cells.Any(c => c.ExecutionCount is not null);
            output.WriteLine(hasResults
                ? $"{path}: the saved results can be those of one run from top to bottom."
                : $"{path}: there are no saved results; cells use only what is defined above them.");
            return 0;
        }

        Table(path, problems, output);
        output.WriteLine($"{path}: the saved results do not follow from a run from top to bottom ({Count(problems.Count)}).");
        return 1;
    }

    private static int Lint(string[] paths, bool asJson, string[] ignore, TextWriter output, TextWriter errors)
    {
        var (isBad, total, list) = (false, 0, new JsonArray());
        foreach (var path in paths)
        {
            if (Load(path, errors, "lint") is not { } document)
            {
                isBad = true;
                continue;
            }

            var problems = NotebookLinter.Lint(document, [new BeamlineExtension()], ignore);
            total += problems.Count;
            if (!asJson)
            {
                Table(path, problems, output);
                continue;
            }

            foreach (var p in problems)
            {
                list.Add(new JsonObject
                {
                    ["notebook"] = path, ["cell"] = p.Cell, ["line"] = p.Line, ["rule"] = p.Rule, ["message"] = p.Message,
                });
            }
        }

        output.WriteLine(asJson ? list.ToJsonString(Indented) : total == 0 ? isBad ? "" : "No problems." : Count(total) + ".");
        return isBad ? UsageError : total > 0 ? 1 : 0;
    }

    private static void Table(string path, IReadOnlyList<NotebookProblem> problems, TextWriter output)
    {
        string[] places = [.. problems.Select(p => $"{path}: cell {p.Cell}{(p.Line > 0 ? $", line {p.Line}" : "")}")];
        var (place, rule) = (places.Select(p => p.Length).DefaultIfEmpty(0).Max(), problems.Select(p => p.Rule.Length).DefaultIfEmpty(0).Max());
        for (var i = 0; i < places.Length; i++)
        {
            output.WriteLine($"{places[i].PadRight(place)}  {problems[i].Rule.PadRight(rule)}  {problems[i].Message}");
        }
    }

    private static NotebookDocument? Load(string path, TextWriter errors, string command)
    {
        try
        {
            var document = NotebookDocument.Load(path);
            document.EnsureCSharp(path);
            return document;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotebookFormatException)
        {
            errors.WriteLine($"beamline {command}: {(e is FileNotFoundException or DirectoryNotFoundException ? $"There is no notebook {path}." : e.Message)}");
            return null;
        }
    }

    private static string Count(int problems) => problems == 1 ? "1 problem" : $"{problems} problems";
}
