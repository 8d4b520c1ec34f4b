namespace Beamline.Kernel;

/// <summary>Code of a job ends the process: what it printed until then is written. There is no final status, by which the parent knows.</summary>
internal sealed class JobLastWords : IDisposable
{
    public JobLastWords()
    {
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnExit;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
    }

    // With the tail of a flood: the cell does not come to its end.
    private static void OnExit(object? sender, EventArgs e) => ProcessGuard.LastCell?.Output.Finish();
}
