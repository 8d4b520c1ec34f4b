namespace Beamline.Remote;

/// <summary>What a job asks for. What is left out is taken from the endpoint's file, or left to the endpoint.</summary>
public sealed record RemoteOptions
{
    /// <summary>Nodes; 0 leaves it to the endpoint.</summary>
    public int Nodes { get; init; }

    /// <summary>Processes that run the same cell together by MPI; 0 for one without.</summary>
    public int Tasks { get; init; }

    /// <summary>Cores of each process; 0 leaves it to the endpoint.</summary>
    public int CpusPerTask { get; init; }

    /// <summary>GPUs; 0 for none.</summary>
    public int Gpus { get; init; }

    /// <summary>Bytes of memory on each node; 0 leaves it to the endpoint.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Longest time that it may run; null leaves it to the endpoint.</summary>
    public TimeSpan? Walltime { get; init; }

    /// <summary>Partition of the batch system.</summary>
    public string? Partition { get; init; }

    /// <summary>Account that is charged.</summary>
    public string? Account { get; init; }

    /// <summary>Quality of service.</summary>
    public string? Qos { get; init; }

    /// <summary>Whether it may be started again after its node died or it was preempted. What it did before is then done twice.</summary>
    public bool MayRequeue { get; init; }

    /// <summary>Numbers of your jobs on the same endpoint that must have succeeded before.</summary>
    public IReadOnlyList<int> After { get; init; } = [];

    /// <summary>What it computes on, as in #!device; "auto" for the best there is.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Items of a map that run at the same time at most; 0 for as many as the endpoint allows.</summary>
    public int Throttle { get; init; }

    /// <summary>How often a failed item of a map is tried again.</summary>
    public int Retries { get; init; }

    /// <summary>Sends inputs of any size without asking.</summary>
    public bool SendsAnything { get; init; }

    internal JobResources Resources(IReadOnlyList<string> after) => new()
    {
        Nodes = Nodes, Tasks = Tasks, CpusPerTask = CpusPerTask, Gpus = Gpus, MemoryBytes = MemoryBytes, Walltime = Walltime,
        Partition = Partition, Account = Account, Qos = Qos, MayRequeue = MayRequeue, After = after,
    };
}
