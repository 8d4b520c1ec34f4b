using System.Diagnostics;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>
/// Saves the notebook before each cell: a cell may end the process (a stack overflow, Environment.FailFast), and what the
/// cells before it made must not go with it.
/// </summary>
internal sealed class RunCheckpoint(NotebookDocument document, string path, DisplayIndex displays)
{
    // Large outputs are written again with every cell. Saving may not become the main part of the work.
    private const double LargestShare = 0.1;
    private static readonly TimeSpan Free = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _run = Stopwatch.StartNew();
    private readonly Stopwatch _spent = new();

    public void Save()
    {
        if (_spent.Elapsed > Free && _spent.Elapsed > _run.Elapsed * LargestShare)
        {
            return;
        }

        _spent.Start();
        try
        {
            string text;
            lock (displays.Gate)
            {
                text = document.ToJson();
            }

            AtomicFile.WriteText(path, text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk may have room again at the end; the run is worth more than its checkpoint.
        }
        finally
        {
            _spent.Stop();
        }
    }
}
