using Beamline.Tomography.Filtering;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.LogPolar;

/// <summary>The work of a log-polar reconstruction.</summary>
internal static class LogPolarWork
{
    internal static MethodWork Of(ReconstructionPlan plan, LogPolarGrid grid, int columns, LogPolarOptions options)
    {
        var slices = (double)plan.SlabCount * plan.Lanes;
        return new MethodWork("log-polar", columns, plan.Lanes,
        [
            new(MethodSteps.Prepare, WorkKind.Allocate, plan.WorkingBytes + (plan.ResultOnDisk ? 0 : plan.ResultBytes)),
            new(
                MethodSteps.Transform, WorkKind.LogPolar,
                slices * TransformProbes.LogPolarUnits(grid, SinogramFilter.PaddedLength(columns, options.Padding), plan.ImageSize)),
            new(MethodSteps.Write, WorkKind.Interleave, plan.ResultBytes),
            new(MethodSteps.Write, WorkKind.Scratch, plan.ResultOnDisk ? plan.ResultBytes : 0),
        ]);
    }
}
