namespace Beamline.Notebook;

/// <summary>The notebook that the calling code runs in. Flows with async calls, tasks and new threads.</summary>
public static class NotebookHost
{
    private static readonly AsyncLocal<INotebookHost?> Ambient = new();

    /// <summary>The notebook; null in a program that is none.</summary>
    public static INotebookHost? Current => Ambient.Value;

    /// <summary>Makes a notebook the current one. For kernels and tests.</summary>
    /// <param name="host">The notebook; null for none.</param>
    /// <returns>Puts back what was there before when it is disposed.</returns>
    public static IDisposable Use(INotebookHost? host)
    {
        var before = Ambient.Value;
        Ambient.Value = host;
        return new Restore(before);
    }

    private sealed class Restore(INotebookHost? before) : IDisposable
    {
        public void Dispose() => Ambient.Value = before;
    }
}
