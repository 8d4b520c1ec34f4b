using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>The files and folders of a run, absolute: cells may change the folder that relative ones count from.</summary>
internal sealed record RunPaths(string Notebook, string Output, string? Report, string WorkingFolder, string CallerFolder)
{
    /// <exception cref="RunInputException">The notebook or the folder is not there, or a folder stands in the place of a file.</exception>
    public static RunPaths Of(RunOptions options)
    {
        var path = Path.GetFullPath(options.NotebookPath);
        if (!File.Exists(path))
        {
            throw new RunInputException($"There is no notebook {options.NotebookPath}.");
        }

        var output = Path.GetFullPath(options.OutputPath ??
            Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + ".executed.ipynb"));
        if (Directory.Exists(output))
        {
            throw new RunInputException($"The executed notebook cannot be saved as {output}: it is a folder.");
        }

        var report = options.ReportPath is { } given ? Path.GetFullPath(given) : null;
        if (report is not null && Directory.Exists(report))
        {
            throw new RunInputException($"The report cannot be saved as {report}: it is a folder.");
        }

        var folder = Path.GetFullPath(options.WorkingFolder ?? Path.GetDirectoryName(path)!);
        return Directory.Exists(folder)
            ? new RunPaths(path, output, report, folder, Directory.GetCurrentDirectory())
            : throw new RunInputException($"There is no folder {folder} to run in.");
    }

    /// <summary>Tries the folders of the results before cells run: hours of work must not end without a place to go.</summary>
    public void EnsureCanSave()
    {
        EnsureCanSave("executed notebook", Output);
        if (Report is not null)
        {
            EnsureCanSave("report", Report);
        }
    }

    private static void EnsureCanSave(string what, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.EnsureWritable(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunInputException($"The {what} cannot be saved as {path}: {exception.Message}", exception);
        }
    }
}
