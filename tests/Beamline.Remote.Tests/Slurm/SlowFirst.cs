using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Beamline.Remote.Tests.Slurm.SlowFirst))]

namespace Beamline.Remote.Tests.Slurm;

/// <summary>
/// Tests on a Slurm wait for its clocks: they begin first, those by its time before all others, and the rest runs beside them. (The tests
/// of this program mostly wait, so that xunit.runner.json has more of them at a time than there are processors.)
/// </summary>
public sealed class SlowFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections
            .OrderBy(c => c.TestCollectionDisplayName.Contains(nameof(SlurmTimeTests), StringComparison.Ordinal) ? 0
                : c.TestCollectionDisplayName.Contains("Slurm", StringComparison.Ordinal) ? 1 : 2)];
}
