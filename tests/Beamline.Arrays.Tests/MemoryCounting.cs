namespace Beamline.Arrays.Tests;

/// <summary>Tests that read the process-wide byte counters run alone: any other test's owner would be counted, too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCounting
{
    public const string Name = "memory counting";
}
