namespace Beamline.Remote.Slurm;

/// <summary>A job as Slurm is given it. Each way to Slurm writes it in its own form.</summary>
internal sealed record SlurmBatch
{
    public required string Name { get; init; }

    /// <summary>The folder that it runs in, as the nodes call it.</summary>
    public required string Folder { get; init; }

    /// <summary>The script without its first line and options.</summary>
    public required string Body { get; init; }

    /// <summary>Where what the script itself says goes, as a pattern of Slurm (%j).</summary>
    public required string Output { get; init; }

    public int Nodes { get; init; }

    public int Tasks { get; init; }

    public int CpusPerTask { get; init; }

    public int Gpus { get; init; }

    public int MemoryMegabytes { get; init; }

    public int? Minutes { get; init; }

    public string? Partition { get; init; }

    public string? Account { get; init; }

    public string? Qos { get; init; }

    public bool MayRequeue { get; init; }

    /// <summary>Jobs that must have succeeded.</summary>
    public IReadOnlyList<long> After { get; init; } = [];

    /// <summary>Tasks of an array; 0 for a job without one.</summary>
    public int ArrayTasks { get; init; }

    /// <summary>How many of them run at the same time; 0 for as many as fit.</summary>
    public int Throttle { get; init; }

    /// <summary>When and how it is told that its time is nearly up, for instance "B:TERM@60"; null for not at all.</summary>
    public string? Signal { get; init; }

    /// <summary>More options, name without dashes and value.</summary>
    public IReadOnlyList<(string Name, string? Value)> Extra { get; init; } = [];
}
