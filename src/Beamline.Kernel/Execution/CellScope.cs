namespace Beamline.Kernel;

/// <summary>The cell that the calling code belongs to. Flows with async calls, tasks and new threads.</summary>
internal static class CellScope
{
    private static readonly AsyncLocal<CellRun?> Ambient = new();

    public static CellRun? Current => Ambient.Value;

    public static void Enter(CellRun? cell) => Ambient.Value = cell;
}
