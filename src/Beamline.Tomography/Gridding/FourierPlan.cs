using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Gridding;

/// <summary>Fits a Fourier reconstruction into the memory that is free, in the terms of <see cref="ReconstructionPlan"/>.</summary>
internal static class FourierPlan
{
    internal static ReconstructionPlan Make(ProjectionStack projections, FourierOptions options, RunContext context, bool isAsked = false)
    {
        var size = options.ImageSize ?? projections.ColumnCount;
        var length = FourierGrid.RowLengthFor(projections.ColumnCount, size, options);
        var gridSize = FourierGrid.GridSizeFor(size, options);
        var plan = SlabPlan.Make("A Fourier reconstruction", projections, size, context, lanes =>
        {
            var shared = SpectrumRows.FloatsFor(projections.AngleCount, length / 2, lanes) + GridColumns.RowFloats(gridSize, size, lanes);
            var perThread = (2L * length * lanes) + GridColumns.FloatsPerThread(gridSize, lanes) + ((long)gridSize * lanes);
            return (shared + (context.MaxThreads * perThread)) * sizeof(float);
        });
        return plan.Timed(FourierWork.Of(plan, projections.AngleCount, projections.ColumnCount, options), projections, context, isAsked);
    }
}
