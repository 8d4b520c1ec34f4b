namespace Beamline.Compute.Tests;

/// <summary>Which process of a launch this is.</summary>
public class RanksTests
{
    [Theory]
    [InlineData("", 0, 1)]
    [InlineData("PMIX_RANK=3 SLURM_NTASKS=4 SLURM_PROCID=0", 3, 4)]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 SLURM_NTASKS=8", 1, 2)]
    [InlineData("SLURM_PROCID=5 SLURM_STEP_NUM_TASKS=6 SLURM_NTASKS=12", 5, 6)]
    [InlineData("SLURM_PROCID=1 SLURM_NTASKS=2", 1, 2)]
    [InlineData("SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2 SLURM_NTASKS=8", 0, 2)]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_NPROCS=4", 0, 1)]
    [InlineData("SLURM_PROCID=2 SLURM_NTASKS=2", 0, 1)]
    [InlineData("SLURM_PROCID=x SLURM_NTASKS=2", 0, 1)]
    [InlineData("SLURM_PROCID=0", 0, 1)]
    [InlineData("PMIX_RANK=-1 SLURM_NTASKS=2", 0, 1)]
    [InlineData("PMI_RANK=1 PMI_SIZE=2 SLURM_PROCID=0 SLURM_NTASKS=8", 1, 2)]
    public void The_launcher_says_rank_and_size(string environment, int rank, int size)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        Assert.Equal((rank, size), Ranks.Of(variables.GetValueOrDefault));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    [InlineData(7, 1)]
    [InlineData(1000, 7)]
    [InlineData(int.MaxValue, 4)]
    public void Shares_cover_everything_once(int count, int size)
    {
        var shares = Enumerable.Range(0, size).Select(rank => Ranks.Share(count, rank, size).GetOffsetAndLength(count)).ToList();
        Assert.Equal(0, shares[0].Offset);
        Assert.Equal(count, shares[^1].Offset + shares[^1].Length);
        Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.Equal(pair.First.Offset + pair.First.Length, pair.Second.Offset));
        Assert.InRange(shares.Max(s => s.Length) - shares.Min(s => s.Length), 0, 1);
    }

    [Fact]
    public void A_negative_count_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Ranks.Share(-1));
}
