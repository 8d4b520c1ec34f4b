using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Analytic;

/// <summary>Decides whether a run reads its projections slab by slab, holds them in memory, or unpacks them into a file first.</summary>
internal static class InputPlan
{
    /// <summary>The same plan with the way in which the projections are read.</summary>
    internal static ReconstructionPlan WithInput(this ReconstructionPlan plan, ProjectionStack projections, RunContext context)
    {
        if (!projections.IsLazy || plan.SlabCount <= 1)
        {
            return plan;
        }

        var unpackings = PackedSource.Unpackings(projections, plan.Lanes);
        // A quarter of the free memory is worth spending to read a lazy stack once; half, where each slab would unpack all of it again.
        if (projections.ByteLength <= (plan.AvailableBytes - plan.WorkingBytes) / (unpackings > 1 ? 2 : 4))
        {
            return plan with { CachedInputBytes = projections.ByteLength, AvailableBytes = plan.AvailableBytes - projections.ByteLength };
        }

        if (unpackings == 1)
        {
            return plan;
        }

        var needed = projections.ByteLength + (plan.ResultOnDisk ? plan.ResultBytes : 0);
        var free = FreeBytes(context.ScratchFolder);
        return free >= needed
            ? plan with { SpooledInputBytes = projections.ByteLength }
            : plan with
            {
                InputNote = $"each block of the projections is unpacked {unpackings} times, because {context.ScratchFolder} has room for {Size(free)} and not for " +
                    $"{Size(needed)}: point TMPDIR to a disk with more room",
            };
    }

    /// <summary>Bytes that a file in a folder could take; 0 where that cannot be known.</summary>
    private static long FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }

    private static string Size(long bytes) => bytes >= 1L << 30 ? $"{bytes / (double)(1L << 30):0.0} GiB" : $"{bytes / (double)(1L << 20):0.0} MiB";
}
