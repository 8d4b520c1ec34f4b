using Beamline.Arrays;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Geometries;

/// <summary>The work of a filtered backprojection by views.</summary>
internal static class ViewWork
{
    internal static MethodWork Of(
        string method, ReconstructionPlan plan, ProjectionStack projections, VectorGeometry geometry, SinogramPadding padding, ProjectorBackend backend)
    {
        // Slabs of slices that rays cross see overlapping rows, which are read, filtered and brought into order once for each.
        double read = 0, filtered = 0;
        for (var slab = 0; slab < plan.SlabCount; slab++)
        {
            var rows = ViewPlan.RowsOf(geometry, slab * plan.Lanes, plan.Lanes).Count;
            read += rows;
            filtered += (rows + ViewPlan.FilterRows - 1) / ViewPlan.FilterRows * (double)ViewPlan.FilterRows;
        }

        var values = filtered * geometry.ViewCount * geometry.ColumnCount;
        var size = (double)plan.ImageSize;
        return new MethodWork(method, geometry.ColumnCount, ViewPlan.FilterRows,
        [
            new(MethodSteps.Prepare, WorkKind.Allocate, plan.WorkingBytes + (plan.ResultOnDisk ? 0 : plan.ResultBytes)),
            new(MethodSteps.Filter, WorkKind.Pass, geometry.Beam == BeamShape.Parallel ? 0 : values),
            new(MethodSteps.Filter, WorkKind.Filter, geometry.ViewCount * filtered * WorkProbes.FilterUnits(SinogramFilter.PaddedLength(geometry.ColumnCount, padding))),
            new(MethodSteps.Filter, WorkKind.Interleave, values * sizeof(float)),
            new(MethodSteps.Backproject, WorkKind.ViewBackproject(RayPoses.Of(geometry)), size * size * plan.SlabCount * plan.Lanes * geometry.ViewCount),
            new(MethodSteps.Write, WorkKind.Interleave, plan.ResultBytes),
            new(MethodSteps.Write, WorkKind.Scratch, plan.ResultOnDisk ? plan.ResultBytes : 0),
        ])
        {
            ReadShare = plan.CachedInputBytes + plan.SpooledInputBytes > 0 ? 1 : read / projections.RowCount,
            Unknown = FbpWork.UnknownBackend(backend, plan.Device),
        };
    }
}
