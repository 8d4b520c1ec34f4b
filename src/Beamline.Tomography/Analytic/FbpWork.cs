using Beamline.Compute;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Analytic;

/// <summary>The work of a filtered backprojection.</summary>
internal static class FbpWork
{
    internal static MethodWork Of(ReconstructionPlan plan, int angles, int columns, FbpOptions options)
    {
        // The last slab costs as much as the others, however few slices it has.
        var slices = (double)plan.SlabCount * plan.Lanes;
        return new MethodWork("fbp", columns, plan.Lanes,
        [
            new(MethodSteps.Prepare, WorkKind.Allocate, plan.WorkingBytes + (plan.ResultOnDisk ? 0 : plan.ResultBytes)),
            new(MethodSteps.Filter, WorkKind.Filter, angles * slices * WorkProbes.FilterUnits(SinogramFilter.PaddedLength(columns, options.Padding))),
            new(MethodSteps.Backproject, WorkKind.Backproject, (double)plan.ImageSize * plan.ImageSize * angles * slices),
            new(MethodSteps.Write, WorkKind.Interleave, plan.ResultBytes),
            new(MethodSteps.Write, WorkKind.Scratch, plan.ResultOnDisk ? plan.ResultBytes : 0),
        ])
        {
            Unknown = UnknownBackend(options.Backend, plan.Device),
        };
    }

    /// <summary>The back ends that are there to check others have no rates.</summary>
    internal static string? UnknownBackend(ProjectorBackend backend, Device device) =>
        backend == ProjectorBackend.Auto || (backend == ProjectorBackend.Simd && device.Kind == DeviceKind.Cpu)
            ? null
            : $"the {backend} back end is for checks";
}
