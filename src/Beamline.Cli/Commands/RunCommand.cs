using System.CommandLine;
using System.CommandLine.Parsing;
using Beamline.Compute;
using Beamline.Extension;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline run notebook.ipynb -p name=value --output done.ipynb --html page.html</c>.</summary>
internal static class RunCommand
{
    private const int UsageError = 2;

    internal static Command Create()
    {
        var notebook = new Argument<string>("notebook") { Description = "The notebook (.ipynb) to run." };
        var parameters = new Option<string[]>("--parameter", "-p")
        {
            Description = "A parameter as NAME=VALUE; may be repeated.",
            AllowMultipleArgumentsPerToken = false,
        };
        var file = new Option<string?>("--parameters-file", "-f") { Description = "Parameters from a YAML or JSON file." };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Where the executed notebook is saved; NAME.executed.ipynb beside the notebook when not given.",
        };
        var html = new Option<string?>("--html") { Description = "Also write the executed notebook as one self-contained web page." };
        var report = new Option<string?>("--report") { Description = "Also write times and errors of all cells as JSON." };
        var cellTimeout = Time("--cell-timeout", "Longest time for one cell: 90, 5m, 2h.");
        var totalTimeout = Time("--total-timeout", "Longest time for the whole notebook: 90, 5m, 2h.");
        var allowErrors = new Option<bool>("--allow-errors") { Description = "Go on after a cell that failed." };
        var cwd = new Option<string?>("--cwd") { Description = "Working folder of the cells; the notebook's folder when not given." };
        var locked = new Option<bool>("--locked")
        {
            Description = "Use exactly the packages that an earlier run recorded in the notebook; others are an error.",
        };
        var device = new Option<Device>("--device")
        {
            Description = "What to compute on: auto, cpu, cuda or cuda:N.",
            CustomParser = result => Parse(result, Device.Parse),
            DefaultValueFactory = _ => Device.Auto,
        };
        var memory = new Option<long?>("--memory-limit")
        {
            Description = "Memory that the process may hold, for instance 2GB; larger volumes are worked on through a file.",
            CustomParser = result =>
            {
                if (ByteSize.TryParse(result.Tokens[0].Value, out var bytes))
                {
                    return bytes;
                }

                result.AddError($"'{result.Tokens[0].Value}' is not a size. Write for instance 512MB or 2GiB.");
                return null;
            },
        };
        var command = new Command("run", "Run a notebook cell by cell, without Jupyter, and save it with its outputs.")
        {
            notebook, parameters, file, output, html, report, cellTimeout, totalTimeout, allowErrors, cwd, locked, device, memory,
        };
        command.SetAction((parsed, _) => RunAsync(
            new RunOptions
            {
                NotebookPath = parsed.GetRequiredValue(notebook),
                Parameters = parsed.GetValue(parameters) ?? [],
                ParametersFile = parsed.GetValue(file),
                OutputPath = parsed.GetValue(output),
                ReportPath = parsed.GetValue(report),
                CellTimeout = parsed.GetValue(cellTimeout),
                TotalTimeout = parsed.GetValue(totalTimeout),
                AllowErrors = parsed.GetValue(allowErrors),
                WorkingFolder = parsed.GetValue(cwd),
                Locked = parsed.GetValue(locked),
                Device = parsed.GetValue(device),
                MemoryLimitBytes = parsed.GetValue(memory),
            },
            parsed.GetValue(html)));
        return command;
    }

    private static async Task<int> RunAsync(RunOptions options, string? htmlPath)
    {
        try
        {
            // A GPU that is not there is told now, not in the middle of the notebook.
            _ = ComputeDevices.Resolve(options.Device);
        }
        catch (DeviceNotFoundException e)
        {
            await Console.Error.WriteLineAsync($"beamline run: {e.Message}").ConfigureAwait(false);
            return UsageError;
        }

        try
        {
            // A folder that cannot be made is told now, and not after hours of computing.
            if (htmlPath is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(htmlPath))!);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"beamline run: the page cannot be written: {e.Message}").ConfigureAwait(false);
            return UsageError;
        }

        using var stop = new CancellationTokenSource();
        void Cancel(object? sender, ConsoleCancelEventArgs e)
        {
            // The first Ctrl-C stops the cell and saves what there is; a second one ends the process at once.
            e.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        Console.CancelKeyPress += Cancel;
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM,
            context =>
            {
                context.Cancel = true;
                stop.Cancel();
            });
        try
        {
            var reporter = new TextRunReporter(Console.Error, !Console.IsErrorRedirected);
            var result = await HeadlessRunner.RunAsync(options, reporter, [new BeamlineExtension()], stop.Token).ConfigureAwait(false);
            return await FinishAsync(result, htmlPath).ConfigureAwait(false);
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }

    private static async Task<int> FinishAsync(RunResult result, string? htmlPath)
    {
        var exitCode = result.ExitCode;
        if (htmlPath is not null && result.Document is { } document)
        {
            try
            {
                HtmlExporter.Save(document, htmlPath);
                await Console.Error.WriteLineAsync($"wrote {htmlPath}").ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"beamline run: the page could not be written: {e.Message}").ConfigureAwait(false);
                exitCode = exitCode == 0 ? UsageError : exitCode;
            }
        }

        if (result.Message is { Length: > 0 } message)
        {
            await Console.Error.WriteLineAsync(exitCode == 0 ? message : $"beamline run: {message}").ConfigureAwait(false);
        }

        return exitCode;
    }

    private static Option<TimeSpan?> Time(string name, string description) => new(name)
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

    private static T? Parse<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return default;
        }
    }
}
