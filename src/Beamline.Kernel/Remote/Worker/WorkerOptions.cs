using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>How a worker runs jobs.</summary>
/// <param name="Extensions">Makes what cells can use beside C#, anew for each session.</param>
internal sealed record WorkerOptions(Func<IReadOnlyList<INotebookExtension>> Extensions)
{
    /// <summary>Folder of arrays by hash; null when jobs bring paths only.</summary>
    public string? StoreFolder { get; init; }

    /// <summary>A JSON list of the keys whose jobs are run.</summary>
    public string? TrustFile { get; init; }

    /// <summary>True to run jobs that nobody signed: for tests and for a job of one's own.</summary>
    public bool NoTrust { get; init; }

    /// <summary>The rules of the endpoint; null for none.</summary>
    public string? PolicyFile { get; init; }

    /// <summary>Whose jobs these are, as the endpoint knows it: the user of the token. Null for the user that the worker runs as, as it is on a cluster.</summary>
    public string? User { get; init; }

    /// <summary>Which of the processes that run the job together this is.</summary>
    public (int Rank, int Size) Ranks { get; init; } = (0, 1);

    /// <summary>Part of the items of a map, first and last; null for all.</summary>
    public (int First, int Last)? Items { get; init; }
}
