using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Gridding;

/// <summary>The work of a Fourier reconstruction.</summary>
internal static class FourierWork
{
    internal static MethodWork Of(ReconstructionPlan plan, int angles, int columns, FourierOptions options)
    {
        // The last slab costs as much as the others, however few slices it has.
        var slices = (double)plan.SlabCount * plan.Lanes;
        var rows = TransformProbes.FourierRowUnits(FourierGrid.RowLengthFor(columns, plan.ImageSize, options), options.KernelWidth);
        var grid = TransformProbes.FourierGridUnits(FourierGrid.GridSizeFor(plan.ImageSize, options));
        return new MethodWork("fourier", columns, plan.Lanes,
        [
            new(MethodSteps.Prepare, WorkKind.Allocate, plan.WorkingBytes + (plan.ResultOnDisk ? 0 : plan.ResultBytes)),
            new(MethodSteps.Transform, WorkKind.FourierRows, slices * angles * rows),
            new(MethodSteps.Transform, WorkKind.FourierGrids, slices * grid),
            new(MethodSteps.Write, WorkKind.Interleave, plan.ResultBytes),
            new(MethodSteps.Write, WorkKind.Scratch, plan.ResultOnDisk ? plan.ResultBytes : 0),
        ]);
    }
}
