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
        var machine = MachineFreeBytes();
        if (context.MemoryLimitBytes is not { } limit)
        {
            return machine;
        }

        return Math.Max(0, Math.Min(limit - Environment.WorkingSet, machine));
    }

    private static long MachineFreeBytes()
    {
        // Container limits are in the total. The load is only as fresh as the last garbage collection, and 0 before the
        // first one: native arrays made since would not count. The working set is always fresh, other programs' memory
        // is in the kernel's own figure.
        var info = GC.GetGCMemoryInfo();
        var free = info.TotalAvailableMemoryBytes - Math.Max(info.MemoryLoadBytes, Environment.WorkingSet);
        return Math.Max(0, Math.Min(free, KernelFreeBytes() ?? free));
    }

    /// <summary>MemAvailable of Linux: what can be had without swapping, file caches included. Null elsewhere.</summary>
    private static long? KernelFreeBytes()
    {
        const string Path = "/proc/meminfo";
        const string Name = "MemAvailable:";
        if (!File.Exists(Path))
        {
            return null;
        }

        var line = File.ReadLines(Path).FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        return line is not null && long.TryParse(line.AsSpan(Name.Length).Trim().TrimEnd("kB").Trim(), out var kibibytes)
            ? kibibytes * 1024
            : null;
    }
}
