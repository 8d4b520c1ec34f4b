using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;

namespace Beamline.Tomography.LogPolar;

/// <summary>Fits a log-polar reconstruction into the memory that is free, in the terms of <see cref="ReconstructionPlan"/>.</summary>
internal static class LogPolarPlan
{
    internal static ReconstructionPlan Make(ProjectionStack projections, LogPolarOptions options, RunContext context, bool isAsked = false)
    {
        var columns = projections.ColumnCount;
        var size = options.ImageSize ?? columns;
        // Sizes do not depend on the axis.
        var grid = new LogPolarGrid(new ParallelGeometry(projections.AnglesDegrees, columns, null, size), options);
        var plan = SlabPlan.Make("A log-polar reconstruction", projections, size, context, lanes =>
        {
            var shared = WedgeResponse.FloatsFor(grid) + WedgeRows.FloatsFor(grid, lanes) + WedgeConvolution.FloatsFor(grid, lanes) +
                WedgePixels.PlaceFloats(grid) + ((long)size * size * lanes);
            var perThread = (2L * grid.RadialCount * lanes) + WedgeConvolution.FloatsPerThread(grid, lanes);
            return ((shared + (context.MaxThreads * perThread)) * sizeof(float)) +
                (context.MaxThreads * SinogramFilter.BytesPerThread(columns, lanes, options.Padding));
        });
        return plan.Timed(LogPolarWork.Of(plan, grid, columns, options), projections, context, isAsked);
    }
}
