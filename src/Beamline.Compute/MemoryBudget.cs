namespace Beamline.Compute;

/// <summary>How many bytes a computation may still take.</summary>
internal static class MemoryBudget
{
    /// <summary>
    /// Bytes free for arrays now: what the limit of the context leaves above the memory that the process holds
    /// already, or what the machine (or its container) has free when no limit is set.
    /// </summary>
    internal static long AvailableBytes(RunContext context)
    {
        // Physical memory that the process may use, container limits included, less what is used on the machine.
        var info = GC.GetGCMemoryInfo();
        var machine = Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
        if (context.MemoryLimitBytes is not { } limit)
        {
            return machine;
        }

        return Math.Max(0, Math.Min(limit - Environment.WorkingSet, machine));
    }
}
