using Beamline.Arrays;

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
        // Under a limit nothing is kept for later: what the plan counts is then all that the process holds.
        IdleBlocks.Keeps = context.MemoryLimitBytes is null;
        var machine = MachineFreeBytes();
        if (context.MemoryLimitBytes is not { } limit)
        {
            return machine;
        }

        return Math.Max(0, Math.Min(limit - UsedBytes(), machine));
    }

    private static long MachineFreeBytes()
    {
        // Container limits are in the total. The load is only as fresh as the last garbage collection, and 0 before the
        // first one: native arrays made since would not count. The working set is always fresh, other programs' memory
        // is in the kernel's own figure.
        var info = GC.GetGCMemoryInfo();
        var used = UsedBytes();
        var free = info.TotalAvailableMemoryBytes - Math.Max(info.MemoryLoadBytes - IdleBlocks.Bytes, used);
        // Arrays that nobody has touched yet take their pages later, but they will.
        var promised = Math.Max(0, used + IdleBlocks.Bytes - Environment.WorkingSet);
        return Math.Max(0, Math.Min(free, KernelFreeBytes() + IdleBlocks.Bytes - promised ?? free));
    }

    /// <summary>
    /// Bytes that the process holds, and those of arrays whose pages it has not touched yet; without the blocks that are kept for the
    /// next arrays, which are as good as free.
    /// </summary>
    private static long UsedBytes() => Math.Max(
        Environment.WorkingSet - IdleBlocks.Bytes, ArrayMemory.LiveNativeBytes + GC.GetGCMemoryInfo().HeapSizeBytes + FileBytes());

    /// <summary>Resident bytes of programs, libraries and mapped files; 0 where that is not told.</summary>
    private static long FileBytes()
    {
        const string Path = "/proc/self/statm";
        return File.Exists(Path) && long.TryParse(File.ReadAllText(Path).Split(' ')[2], out var pages) ? pages * Environment.SystemPageSize : 0;
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
