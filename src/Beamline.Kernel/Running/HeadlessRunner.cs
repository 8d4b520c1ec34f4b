using System.Diagnostics;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Runs a notebook from its first cell to its last in this process, without a front end.</summary>
/// <remarks>
/// Cells run in the notebook's folder (or <see cref="RunOptions.WorkingFolder"/>), which is set for the whole
/// process during the run. A string parameter that names an existing file, or a folder written with a slash,
/// relative to the caller's folder is made absolute, so that it means the same in the cells.
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
        try
        {
            return await RunCheckedAsync(options, reporter, extensions, watch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RunInputException or NotebookFormatException
            or IOException or UnauthorizedAccessException)
        {
            return new RunResult(2, exception.Message, [], null, null, watch.Elapsed);
        }
    }

    private static async Task<RunResult> RunCheckedAsync(
        RunOptions options,
        IRunReporter reporter,
        IReadOnlyList<INotebookExtension> extensions,
        Stopwatch watch,
        CancellationToken cancellationToken)
    {
        var callerFolder = Directory.GetCurrentDirectory();
        var path = Path.GetFullPath(options.NotebookPath);
        if (!File.Exists(path))
        {
            throw new RunInputException($"There is no notebook {options.NotebookPath}.");
        }

        var document = NotebookDocument.Load(path);
        var name = Path.GetFileName(path);
        document.EnsureCSharp(name);
        var outputPath = Path.GetFullPath(options.OutputPath ??
            Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + ".executed.ipynb"));
        var reportPath = options.ReportPath is { } report ? Path.GetFullPath(report) : null;
        if (Directory.Exists(outputPath))
        {
            throw new RunInputException($"The executed notebook cannot be saved as {outputPath}: it is a folder.");
        }

        var folder = Path.GetFullPath(options.WorkingFolder ?? Path.GetDirectoryName(path)!);
        if (!Directory.Exists(folder))
        {
            throw new RunInputException($"There is no folder {folder} to run in.");
        }

        var values = ParameterValue.Collect(options.ParametersFile, options.Parameters);
        using var kernel = new NotebookKernel(extensions);
        kernel.Packages.NotebookFolder = Path.GetDirectoryName(path);
        kernel.Packages.Lock = PackageLock.From(document.Metadata, name);
        kernel.Packages.IsLocked = options.Locked;
        ParameterInjector.Inject(document, values, kernel.Session, callerFolder, name);
        EnsureCanSave(outputPath);
        var run = new NotebookRun(document, kernel, options, reporter);
        Directory.SetCurrentDirectory(folder);
        RunEnd end;
        try
        {
            end = await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Whatever went wrong, what the cells made so far is kept.
            run.Close();
            KernelMetadata.Complete(document);
            document.Save(outputPath);
            throw;
        }
        finally
        {
            Directory.SetCurrentDirectory(callerFolder);
        }

        run.Close();
        RecordPackages(document, kernel.Packages, isWhole: end.ExitCode == 0);
        KernelMetadata.Complete(document);
        var result = Saved(document, outputPath, end, run.Finished, watch);
        if (reportPath is not null)
        {
            RunReport.Save(reportPath, path, result);
        }

        return result;
    }

    // A run that ended early has not seen all cells: what the lock says about the others stays.
    private static void RecordPackages(NotebookDocument document, PackageManager packages, bool isWhole)
    {
        if (!packages.IsLocked)
        {
            var used = PackageLock.Of(packages.Packages);
            (isWhole ? used : packages.Lock.With(used)).WriteTo(document.Metadata);
        }
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

    /// <summary>Tries the output folder before cells run: hours of work must not end without a place to go.</summary>
    private static void EnsureCanSave(string outputPath)
    {
        var folder = Path.GetDirectoryName(outputPath)!;
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.EnsureWritable(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunInputException($"The executed notebook cannot be saved as {outputPath}: {exception.Message}", exception);
        }
    }
}
