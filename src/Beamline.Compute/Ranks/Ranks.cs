using System.Globalization;

namespace Beamline.Compute;

/// <summary>Which of the processes that run one cell together this is, and the way to talk to the others. From the launcher, be it srun, mpirun or none.</summary>
public static class Ranks
{
    private static readonly (int Rank, int Size) Own = Of(Environment.GetEnvironmentVariable);
    private static readonly Lazy<RankGroup> Everyone = new(() => new RankGroup(Size == 1 ? new LoneTransport() : MpiWorld.Join(Rank, Size)), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Number of this process, from 0. Without a launcher it is 0.</summary>
    public static int Rank => Own.Rank;

    /// <summary>Number of processes that run the cell. Without a launcher it is 1.</summary>
    public static int Size => Own.Size;

    /// <summary>
    /// All processes that run the cell, to exchange data with. Without a launcher it is a group of one, which needs no library, so that the same
    /// cell runs here and on a cluster. With one the first use loads the MPI of the machine, and waits until all ranks have come as far.
    /// </summary>
    /// <exception cref="RankException">There is no MPI library, or it is not the one that started the processes.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped while it waited.</exception>
    public static RankGroup All => Everyone.Value;

    /// <summary>The share of this process of some pieces of work, such as slices or angles.</summary>
    /// <param name="count">Number of pieces, 0 or more.</param>
    /// <returns>A range of indices from 0; the ranges of all ranks cover each piece once, and differ by one piece at most.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Range Share(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Share(count, Rank, Size);
    }

    /// <summary>What a rank waits for in vain, asked now and then while it waits; null while nothing is known. Set by the program that runs the cell.</summary>
    internal static Func<string?>? Hindrance { get; set; }

    internal static Range Share(int count, int rank, int size) => (int)((long)count * rank / size)..(int)((long)count * (rank + 1) / size);

    /// <summary>Reads what OpenMPI, PMIx, Hydra (MPICH, Intel MPI) or Slurm set.</summary>
    internal static (int Rank, int Size) Of(Func<string, string?> variable)
    {
        // The numbers of whoever started this very process go first: a launcher in a batch script leaves those of the script in place.
        var rank = Number("PMIX_RANK") ?? Number("OMPI_COMM_WORLD_RANK") ?? Number("PMI_RANK") ?? InStep();
        var size = Number("OMPI_COMM_WORLD_SIZE") ?? Number("PMI_SIZE") ?? Number("SLURM_STEP_NUM_TASKS") ?? Number("SLURM_NTASKS") ?? Number("SLURM_NPROCS");
        return rank is { } r and >= 0 && size is { } s && s > r ? (r, s) : (0, 1);

        // A batch script has the rank 0 of as many tasks as it may start, and is alone.
        int? InStep() => Number("SLURM_PROCID") is { } process && (process > 0 || variable("SLURM_STEP_NUM_TASKS") is not null) ? process : null;

        int? Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
