using Beamline.Arrays;

namespace Beamline.Compute.Tests;

/// <summary>The process's memory is looked at, so no other test may run beside these.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessMemory
{
    public const string Name = "process memory";
}

[Collection(ProcessMemory.Name)]
public sealed class MemoryBudgetTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void Without_a_limit_there_is_some_of_the_machine()
    {
        var available = MemoryBudget.AvailableBytes(RunContext.Default);
        Assert.InRange(available, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    [Fact]
    public void A_limit_already_passed_leaves_nothing() =>
        Assert.Equal(0, MemoryBudget.AvailableBytes(new RunContext { MemoryLimitBytes = 1 }));

    [Fact]
    public void A_limit_counts_what_the_process_holds_already()
    {
        var held = Environment.WorkingSet;
        var available = MemoryBudget.AvailableBytes(new RunContext { MemoryLimitBytes = held + (512 * Mebibyte) });
        Assert.SkipWhen(MemoryBudget.AvailableBytes(RunContext.Default) < 1024 * Mebibyte, "Needs 1 GiB of free memory.");
        Assert.InRange(available, 256 * Mebibyte, 768 * Mebibyte);
    }

    [Fact]
    public void Native_arrays_made_since_the_last_collection_count()
    {
        Assert.SkipWhen(MemoryBudget.AvailableBytes(RunContext.Default) < 2048 * Mebibyte, "Needs 2 GiB of free memory.");
        // What tests before left would go back to the system between the two looks.
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var context = new RunContext { MemoryLimitBytes = Environment.WorkingSet + (1024 * Mebibyte) };
        var before = MemoryBudget.AvailableBytes(context);
        using var held = ArrayMemory.Allocate<byte>(512 * Mebibyte);
        var after = MemoryBudget.AvailableBytes(context);
        Assert.InRange(before - after, 384 * Mebibyte, 640 * Mebibyte);
    }

    [Fact]
    public void A_limit_above_the_machine_gives_no_more_than_the_machine()
    {
        var available = MemoryBudget.AvailableBytes(new RunContext { MemoryLimitBytes = long.MaxValue });
        Assert.InRange(available, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }
}
