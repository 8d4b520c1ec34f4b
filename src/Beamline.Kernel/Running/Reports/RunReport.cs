using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>Reports of runs for people and for the servers that run them after every change.</summary>
public static class RunReport
{
    /// <summary>Saves a report of one run or several: JUnit when the file ends in .xml, else JSON.</summary>
    /// <param name="path">The file, written whole or not at all.</param>
    /// <param name="runs">The runs, in order.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<RunResult> runs)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(runs);
        var isXml = Path.GetExtension(path).Equals(".xml", StringComparison.OrdinalIgnoreCase);
        AtomicFile.WriteText(path, isXml ? JUnitReport.Write(runs) : JsonReport.Write(runs));
    }

    /// <summary>The exit code of several runs together: of the first one that did not go well.</summary>
    /// <param name="runs">The runs.</param>
    public static int ExitCode(IReadOnlyList<RunResult> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return runs.Select(run => run.ExitCode).FirstOrDefault(code => code != 0);
    }
}
