namespace Beamline.Kernel;

/// <summary>The cell that the calling code belongs to. Flows with async calls, tasks and new threads.</summary>
internal static class CellScope
{
    private static readonly AsyncLocal<CellRun?> Ambient = new(change => _ofThread = change.CurrentValue);

    [ThreadStatic]
    private static CellRun? _ofThread;

    public static CellRun? Current => Ambient.Value;

    /// <summary>The same as <see cref="Current"/>, read in a nanosecond.</summary>
    public static CellRun? OfThread => _ofThread;

    public static void Enter(CellRun? cell) => Ambient.Value = cell;
}
