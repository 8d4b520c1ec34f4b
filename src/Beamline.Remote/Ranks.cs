using System.Globalization;

namespace Beamline.Remote;

/// <summary>Which of the processes that run one cell together this is: from the launcher, be it srun, mpirun or none.</summary>
public static class Ranks
{
    private static readonly (int Rank, int Size) Own = Of(Environment.GetEnvironmentVariable);

    /// <summary>Number of this process, from 0. Without a launcher it is 0.</summary>
    public static int Rank => Own.Rank;

    /// <summary>Number of processes that run the cell. Without a launcher it is 1.</summary>
    public static int Size => Own.Size;

    /// <summary>The share of this process of some pieces of work, such as slices or angles.</summary>
    /// <param name="count">Number of pieces, 0 or more.</param>
    /// <returns>A range of indices from 0; the ranges of all ranks cover each piece once, and differ by one piece at most.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Range Share(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Share(count, Rank, Size);
    }

    internal static Range Share(int count, int rank, int size) => (int)((long)count * rank / size)..(int)((long)count * (rank + 1) / size);

    /// <summary>Reads what OpenMPI, PMIx or Slurm set.</summary>
    internal static (int Rank, int Size) Of(Func<string, string?> variable)
    {
        // A batch script outside of srun has the numbers of its step, which are of no launch of ours: PMIx and OpenMPI first.
        var rank = Number("PMIX_RANK") ?? Number("OMPI_COMM_WORLD_RANK") ?? Number("SLURM_PROCID");
        var size = Number("OMPI_COMM_WORLD_SIZE") ?? Number("SLURM_STEP_NUM_TASKS") ?? Number("SLURM_NTASKS") ?? Number("SLURM_NPROCS");
        return rank is { } r and >= 0 && size is { } s && s > r ? (r, s) : (0, 1);

        int? Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
