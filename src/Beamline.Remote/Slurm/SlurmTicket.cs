namespace Beamline.Remote.Slurm;

/// <summary>What is noted in a job's folder when Slurm has taken it: slurm.json.</summary>
/// <param name="BatchId">Its number.</param>
/// <param name="User">The user that it runs as.</param>
/// <param name="Label">What its sender called it.</param>
/// <param name="Created">When it was made.</param>
internal sealed record SlurmTicket(long BatchId, string User, string Label, DateTimeOffset Created)
{
    /// <summary>Tasks of its array; 0 without one.</summary>
    public int Tasks { get; init; }

    public int ItemsPerTask { get; init; }

    /// <summary>Items of its map.</summary>
    public int Items { get; init; }
}
