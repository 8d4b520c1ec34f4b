namespace Beamline.Remote.Tests.Slurm;

internal static class SlurmWait
{
    public static async Task ForAsync(Func<bool> isThere)
    {
        var until = DateTimeOffset.UtcNow + SlurmBench.Enough;
        while (!isThere())
        {
            Assert.True(DateTimeOffset.UtcNow < until, "It did not come.");
            await Task.Delay(20);
        }
    }
}
