using System.CommandLine;
using Beamline.Extension;
using Beamline.Kernel;
using Beamline.Notebook;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline run notebook.ipynb -p name=value --output done.ipynb --to html</c>.</summary>
internal static class RunCommand
{
    internal const int UsageError = 2;

    private const string About = """
        Run notebooks cell by cell, without Jupyter, and save them with their outputs.

        The executed notebook is always saved, also when a cell fails, when time runs out and when the process dies in a
        cell. Exit codes: 0 all well; 1 a cell failed, or --verify found a difference; 2 wrong usage or bad input;
        124 out of time; 130 cancelled.
        """;

    internal static Command Create()
    {
        var notebooks = new Argument<string[]>("notebook")
        {
            Description = "The notebook (.ipynb) to run; several, or patterns such as 'course/*.ipynb' and 'course/**/*.ipynb'.",
            Arity = ArgumentArity.OneOrMore,
        };
        var parameters = new Option<string[]>("--parameter", "-p")
        {
            Description = "A parameter as NAME=VALUE; may be repeated.",
            AllowMultipleArgumentsPerToken = false,
        };
        var file = new Option<string?>("--parameters-file", "-f") { Description = "Parameters from a YAML or JSON file." };
        var helpNotebook = new Option<bool>("--help-notebook") { Description = "List the parameters that the notebook takes, and run nothing." };
        var report = new Option<string?>("--report") { Description = "Also write times and errors of all cells: JUnit XML when the file ends in .xml, else JSON." };
        var cellTimeout = Time("--cell-timeout", "Longest time for one cell: 90, 5m, 2h.");
        cellTimeout.Aliases.Add("--timeout");
        var totalTimeout = Time("--total-timeout", "Longest time for the whole notebook: 90, 5m, 2h.");
        var allowErrors = new Option<bool>("--allow-errors") { Description = "Go on after a cell that failed." };
        var cwd = new Option<string?>("--cwd") { Description = "Working folder of the cells; the notebook's folder when not given." };
        var locked = new Option<bool>("--locked")
        {
            Description = "Use exactly the packages that an earlier run recorded in the notebook; others are an error.",
        };
        var device = ComputeOptions.Device();
        var memory = ComputeOptions.MemoryLimit();
        var checkOrder = new Option<bool>("--check-order")
        {
            Description = "Run nothing: fail when the saved results do not follow from a run from top to bottom.",
        };
        var outputs = new OutputArguments();
        var kernel = new KernelArguments();
        var verify = new VerifyArguments();
        var command = new Command("run", About)
        {
            notebooks, parameters, file, helpNotebook, report, cellTimeout, totalTimeout, allowErrors, cwd, device, memory,
            locked, checkOrder,
        };
        outputs.AddTo(command);
        kernel.AddTo(command);
        verify.AddTo(command);
        notebooks.Validators.Add(result =>
        {
            // Several notebooks may be given, so a mistyped option would pass for one.
            foreach (var token in result.Tokens.Select(t => t.Value).Where(t => t.StartsWith('-') && !File.Exists(t)))
            {
                result.AddError($"There is no option {token}.{Suggestion.DidYouMean(token, command.Options.Select(o => o.Name))}");
            }
        });
        command.SetAction((parsed, _) =>
        {
            var paths = parsed.GetRequiredValue(notebooks);
            if (parsed.GetValue(checkOrder))
            {
                return Task.FromResult(NotebookPatterns.Expand(paths)
                    .Max(path => LintCommand.CheckOrder(path, Console.Out, Console.Error)));
            }

            return parsed.GetValue(helpNotebook)
                ? Task.FromResult(ParameterHelp.Write(paths))
                : RunBatch.RunAsync(
                    new RunOptions
                    {
                        NotebookPath = "",
                        Parameters = parsed.GetValue(parameters) ?? [],
                        ParametersFile = parsed.GetValue(file),
                        ReportPath = parsed.GetValue(report),
                        CellTimeout = parsed.GetValue(cellTimeout),
                        TotalTimeout = parsed.GetValue(totalTimeout),
                        AllowErrors = parsed.GetValue(allowErrors),
                        WorkingFolder = parsed.GetValue(cwd),
                        Locked = parsed.GetValue(locked),
                        Device = parsed.GetValue(device),
                        MemoryLimitBytes = parsed.GetValue(memory),
                        KernelName = kernel.Name(parsed),
                        KernelEnvironment = kernel.Environment(parsed),
                        KernelStartTimeout = kernel.StartTimeout(parsed),
                        Verify = verify.Of(parsed),
                    },
                    paths,
                    outputs.Of(parsed));
        });
        return command;
    }

    internal static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (Duration.TryParse(result.Tokens[0].Value, out var time))
            {
                return time;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not a time above 0. Write seconds, or for instance 90s, 5m, 2h.");
            return null;
        },
    };
}
