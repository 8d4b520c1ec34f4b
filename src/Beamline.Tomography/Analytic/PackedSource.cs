using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography.Analytic;

/// <summary>What lies below the steps of a stack: a source that unpacks whole blocks, each time that something of them is asked for.</summary>
internal static class PackedSource
{
    /// <summary>Angles and rows that are unpacked together when a stack is read.</summary>
    internal static (int Angles, int Rows) BlockOf(ProjectionStack projections)
    {
        var stack = projections;
        // A step that keeps what it computes reads its source once.
        while (stack is IDerivedStack derived and not StoredStack)
        {
            stack = derived.Source;
        }

        var (angles, rows) = stack is StoredStack ? (1, 1) : stack.UnpackedTogether;
        return (Math.Clamp(angles, 1, projections.AngleCount), Math.Clamp(rows, 1, projections.RowCount));
    }

    /// <summary>How often each block is unpacked when so many rows are read at a time.</summary>
    internal static int Unpackings(ProjectionStack projections, int rowsAtATime) =>
        (BlockOf(projections).Rows + rowsAtATime - 1) / rowsAtATime;
}
