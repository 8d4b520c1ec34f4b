using System.Diagnostics;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Runs a notebook from its first cell to its last without a front end: C# in this process, or another kernel.</summary>
/// <remarks>
/// Cells run in the notebook's folder (or <see cref="RunOptions.WorkingFolder"/>), which is set for the whole
/// process during the run, as is <see cref="RunOptions.KernelEnvironment"/>. A string parameter that names an existing file,
/// or a folder written with a slash, relative to the caller's folder is made absolute, so that it means the same in the cells.
/// </remarks>
public static class HeadlessRunner
{
    /// <summary>Runs a notebook and saves it with its outputs, whatever happens once its cells were started.</summary>
    /// <param name="options">What to run and how.</param>
    /// <param name="reporter">Hears how it goes on.</param>
    /// <param name="extensions">What cells can use beside C#.</param>
    /// <param name="cancellationToken">Stops the running cell, and with it the run.</param>
    /// <returns>What became of it; bad input is a result with exit code 2, not an exception.</returns>
    public static async Task<RunResult> RunAsync(
        RunOptions options,
        IRunReporter reporter,
        IReadOnlyList<INotebookExtension> extensions,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        ArgumentNullException.ThrowIfNull(extensions);
        var watch = Stopwatch.StartNew();
        var started = DateTimeOffset.UtcNow;
        RunResult result;
        try
        {
            var paths = RunPaths.Of(options);
            result = await RunCheckedAsync(options, paths, reporter, extensions, watch, cancellationToken).ConfigureAwait(false);
            result = result with { NotebookPath = paths.Notebook, Started = started };
            if (paths.Report is { } report)
            {
                RunReport.Save(report, [result]);
            }
        }
        catch (Exception exception) when (exception is RunInputException or NotebookFormatException
            or IOException or UnauthorizedAccessException)
        {
            result = new RunResult(2, exception.Message, [], null, null, watch.Elapsed)
            {
                NotebookPath = options.NotebookPath, Started = started,
            };
        }

        return result;
    }

    /// <summary>The parameters that a notebook takes, in the order of their declaration.</summary>
    /// <param name="path">The .ipynb file.</param>
    /// <param name="extensions">What its cells can use beside C#.</param>
    /// <returns>None when it has no cell tagged 'parameters'.</returns>
    /// <exception cref="NotebookFormatException">It is not a C# notebook.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<NotebookParameter> Parameters(string path, IReadOnlyList<INotebookExtension> extensions)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        var document = NotebookDocument.Load(path);
        document.EnsureCSharp(Path.GetFileName(path));
        using var kernel = new NotebookKernel(extensions);
        return ParameterList.Of(document, kernel.Session);
    }

    private static async Task<RunResult> RunCheckedAsync(
        RunOptions options,
        RunPaths paths,
        IRunReporter reporter,
        IReadOnlyList<INotebookExtension> extensions,
        Stopwatch watch,
        CancellationToken cancellationToken)
    {
        var document = NotebookDocument.Load(paths.Notebook);
        var name = Path.GetFileName(paths.Notebook);
        var stored = options.Verify is { } verify ? new StoredOutputs(document, verify, name) : null;
        var values = ParameterValue.Collect(options.ParametersFile, options.Parameters);
        var displays = new DisplayIndex();
        await using var host = await RunHost.StartAsync(options, paths, document, values, extensions, displays, reporter, cancellationToken)
            .ConfigureAwait(false);
        paths.EnsureCanSave();
        var provenance = new RunProvenance(document, options);
        var checkpoint = new RunCheckpoint(document, paths.Output, displays);
        var run = new NotebookRun(document, host.Executor, options, reporter)
        {
            BeforeCell = cell =>
            {
                lock (displays.Gate)
                {
                    provenance.At(cell);
                    host.CompleteMetadata(document);
                }

                checkpoint.Save();
            },
        };
        RunEnd end;
        using (RunSurroundings.Enter(paths.WorkingFolder, options.KernelEnvironment))
        {
            try
            {
                end = await run.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // Whatever went wrong, what the cells made so far is kept.
                displays.Close();
                document.Save(paths.Output);
                throw;
            }
        }

        displays.Close();
        var differences = stored?.Compare(run.Finished.Select(cell => cell.Index)) ?? [];
        if (differences.Count > 0 && end.ExitCode == 0)
        {
            end = new RunEnd(1, $"{differences.Count} {(differences.Count == 1 ? "output differs" : "outputs differ")} from what the notebook holds.");
        }

        provenance.End(end, watch.Elapsed);
        host.RecordPackages(document, isWhole: end.ExitCode == 0);
        host.CompleteMetadata(document);
        return Saved(document, paths.Output, end, run.Finished, watch) with { Differences = differences };
    }

    /// <summary>Saves the executed notebook; when that fails the cells' own outcome and the document are not lost.</summary>
    private static RunResult Saved(
        NotebookDocument document, string outputPath, RunEnd end, IReadOnlyList<CellRunInfo> cells, Stopwatch watch)
    {
        try
        {
            document.Save(outputPath);
            return new RunResult(end.ExitCode, end.Message, cells, outputPath, document, watch.Elapsed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new RunResult(
                end.ExitCode == 0 ? 2 : end.ExitCode,
                $"{end.Message} But the executed notebook could not be saved as {outputPath}: {exception.Message}",
                cells,
                null,
                document,
                watch.Elapsed);
        }
    }
}
