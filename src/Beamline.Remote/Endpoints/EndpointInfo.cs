namespace Beamline.Remote;

/// <summary>What an endpoint says of itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">local, http or slurm.</param>
/// <param name="Host">The machine that answers.</param>
/// <param name="Beamline">Version of Beamline there.</param>
/// <param name="Framework">For instance net10.0.</param>
/// <param name="Runtime">Version of the runtime there, for instance 10.0.12.</param>
public sealed record EndpointInfo(string Name, string Kind, string Host, string Beamline, string Framework, string Runtime)
{
    /// <summary>Runtime identifier, for instance linux-x64.</summary>
    public string Rid { get; init; } = "";

    /// <summary>Names of the GPUs; empty for none, or when they are not known before a job runs.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Jobs that may run at the same time; 0 when a batch system decides.</summary>
    public int Concurrency { get; init; }

    /// <summary>Jobs that wait, and jobs that run.</summary>
    public int Queued { get; init; }

    /// <summary>Jobs that run.</summary>
    public int Running { get; init; }

    /// <summary>Longest time that a job may take; null for no limit.</summary>
    public TimeSpan? LongestWalltime { get; init; }

    /// <summary>Most bytes of one file that may be sent; 0 for no limit.</summary>
    public long LargestUploadBytes { get; init; }

    /// <summary>Folder of the store of arrays, when the sender can write into it; null when bytes have to be sent.</summary>
    public string? SharedStore { get; init; }
}
