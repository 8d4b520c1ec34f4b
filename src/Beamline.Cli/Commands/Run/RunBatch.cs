using System.Runtime.InteropServices;
using Beamline.Compute;
using Beamline.Extension;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary>Runs one notebook after the other and writes what was asked for.</summary>
internal static class RunBatch
{
    internal static async Task<int> RunAsync(RunOptions options, IReadOnlyList<string> patterns, RunExports exports)
    {
        var notebooks = NotebookPatterns.Expand(patterns);
        if (Problem(options, notebooks, exports) is { } problem)
        {
            await Console.Error.WriteLineAsync($"beamline run: {problem}").ConfigureAwait(false);
            return RunCommand.UsageError;
        }

        using var stop = new CancellationTokenSource();
        void Cancel(object? sender, ConsoleCancelEventArgs e)
        {
            // The first Ctrl-C stops the cell and saves what there is; a second one ends the process at once.
            e.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        Console.CancelKeyPress += Cancel;
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            return await RunAllAsync(options, notebooks, exports, stop.Token).ConfigureAwait(false);
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }

    private static async Task<int> RunAllAsync(
        RunOptions options, IReadOnlyList<string> notebooks, RunExports exports, CancellationToken cancellationToken)
    {
        var several = notebooks.Count > 1;
        var runs = new List<RunResult>();
        foreach (var notebook in notebooks)
        {
            if (several)
            {
                await Console.Error.WriteLineAsync($"{(runs.Count > 0 ? "\n" : "")}{notebook}").ConfigureAwait(false);
            }

            var one = options with
            {
                NotebookPath = notebook,
                OutputPath = exports.NotebookPath(notebook, several),
                ReportPath = several ? null : options.ReportPath,
            };
            var reporter = new TextRunReporter(Console.Error, !Console.IsErrorRedirected);
            var result = await HeadlessRunner.RunAsync(one, reporter, [new BeamlineExtension()], cancellationToken).ConfigureAwait(false);
            runs.Add(result with { ExitCode = await FinishAsync(result, one, exports).ConfigureAwait(false) });
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        if (several)
        {
            await Console.Error.WriteLineAsync($"\n{runs.Count(r => r.ExitCode == 0)} of {notebooks.Count} notebooks ran well.").ConfigureAwait(false);
        }

        var code = RunReport.ExitCode(runs);
        if (several && options.ReportPath is { } report)
        {
            try
            {
                RunReport.Save(report, runs);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"beamline run: the report could not be written: {e.Message}").ConfigureAwait(false);
                return code == 0 ? RunCommand.UsageError : code;
            }
        }

        return code;
    }

    private static async Task<int> FinishAsync(RunResult result, RunOptions options, RunExports exports)
    {
        var exitCode = result.ExitCode;
        if (result.Document is { } document)
        {
            var executed = result.OutputPath ?? options.OutputPath ?? Path.ChangeExtension(options.NotebookPath, ".executed.ipynb");
            foreach (var problem in exports.Write(document, options.NotebookPath, executed))
            {
                await Console.Error.WriteLineAsync($"beamline run: {problem}").ConfigureAwait(false);
                exitCode = exitCode == 0 ? RunCommand.UsageError : exitCode;
            }
        }

        foreach (var difference in result.Differences)
        {
            await Console.Error.WriteLineAsync($"    {difference}").ConfigureAwait(false);
        }

        if (result.Message is { Length: > 0 } message)
        {
            await Console.Error.WriteLineAsync(exitCode == 0 ? message : $"beamline run: {message}").ConfigureAwait(false);
        }

        return exitCode;
    }

    /// <summary>What can be told before the first cell runs, and not after hours of computing.</summary>
    private static string? Problem(RunOptions options, IReadOnlyList<string> notebooks, RunExports exports)
    {
        try
        {
            _ = ComputeDevices.Resolve(options.Device);
        }
        catch (DeviceNotFoundException e)
        {
            return e.Message;
        }

        if (notebooks.Count > 1 && exports.ProblemWithSeveral is { } several)
        {
            return several;
        }

        try
        {
            if (exports.HtmlPath is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(exports.HtmlPath))!);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the page cannot be written: {e.Message}";
        }

        return null;
    }
}
