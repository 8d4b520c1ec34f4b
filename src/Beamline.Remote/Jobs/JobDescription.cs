using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>All that a worker must know to run a cell: the content of job.json. docs/envelope.md describes each field.</summary>
internal sealed record JobDescription
{
    /// <summary>The only version that this program writes and reads.</summary>
    public const string CurrentSchema = "beamline.job/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Made by the sender: 32 hexadecimal digits, the name of the job's folder.</summary>
    public required string Id { get; init; }

    /// <summary>Random, used once: a job that was seen before is refused.</summary>
    public required string Nonce { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>After this an endpoint does not accept it any more. A job that was accepted may run later.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Whom the sender calls itself; the endpoint goes by the token and the key, not by this.</summary>
    public required string User { get; init; }

    /// <summary>What errors call the cell, for instance "cell 7".</summary>
    public required string Label { get; init; }

    /// <summary>The C# of the cell; its lines are the lines of the cell.</summary>
    public required string Source { get; init; }

    /// <summary>Declarations of earlier cells that it needs, oldest first: each becomes a submission of its own.</summary>
    public IReadOnlyList<JobPart> Prelude { get; init; } = [];

    /// <summary>Namespaces that are open, as they stand behind 'using'.</summary>
    public IReadOnlyList<string> Usings { get; init; } = [];

    public IReadOnlyList<JobPackage> Packages { get; init; } = [];

    /// <summary>For instance "net10.0".</summary>
    public required string Framework { get; init; }

    /// <summary>Version of the runtime at the sender, for instance "10.0.12".</summary>
    public required string Runtime { get; init; }

    /// <summary>Version of Beamline at the sender.</summary>
    public required string Beamline { get; init; }

    public IReadOnlyList<JobValue> Inputs { get; init; } = [];

    public IReadOnlyList<JobWish> Outputs { get; init; } = [];

    public JobResources Resources { get; init; } = new();

    /// <summary>Null for a cell that runs once.</summary>
    public JobMap? Map { get; init; }

    /// <summary>Name of the device as in #!device; "auto" for the best there is.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>
    /// The sender's working folder, when the endpoint shares its file system: the cell's relative paths begin there, as they do in the notebook.
    /// Null, and where no such folder is: a folder of the job's own.
    /// </summary>
    public string? Folder { get; init; }
}

/// <summary>A piece of an earlier cell.</summary>
/// <param name="Label">What errors call it.</param>
/// <param name="Code">C# declarations.</param>
/// <param name="Inputs">Names of inputs that are declared as variables before the code, where the earlier cell declared them.</param>
internal sealed record JobPart(string Label, string Code, IReadOnlyList<string> Inputs);

/// <summary>A NuGet package that the cell is compiled against.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">The version that the sender has.</param>
/// <param name="Sha512">Hash of its content in base64; empty when it is not known.</param>
internal sealed record JobPackage(string Id, string Version, string Sha512);

/// <summary>A variable that is wanted back.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as C#.</param>
internal sealed record JobWish(string Name, string Type);

/// <summary>A value that travels: small ones within the JSON, large ones as arrays beside it.</summary>
/// <param name="Name">Name of the variable.</param>
/// <param name="Type">Its type as C#, as a cell would write it.</param>
/// <param name="Codec">How it was taken apart, for instance "json", "array" or "volume".</param>
internal sealed record JobValue(string Name, string Type, string Codec)
{
    /// <summary>The value, or what is needed beside its arrays; null for none.</summary>
    public JsonNode? Json { get; init; }

    public IReadOnlyList<JobArray> Arrays { get; init; } = [];

    /// <summary>Why it could not travel; null when it does.</summary>
    public string? Problem { get; init; }
}

/// <summary>Bytes that travel as a file: an array as .npy, or JSON that is too long for job.json.</summary>
/// <param name="DType">The type as numpy writes it, for instance "&lt;f4"; "json" for text.</param>
/// <param name="Shape">Length of each axis; empty for text.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Hash of the whole file in lower-case hexadecimal: its name in the store of an endpoint.</param>
internal sealed record JobArray(string DType, IReadOnlyList<long> Shape, long Bytes, string Sha256)
{
    /// <summary>A file that the worker reads where it lies, on a file system that it shares; null for one in the store, or in out/ for results.</summary>
    public string? Path { get; init; }
}

/// <summary>The items of a cell that runs once for each of them.</summary>
/// <param name="Name">Name of the item's variable in the cell.</param>
/// <param name="Type">Its type as C#.</param>
/// <param name="ResultType">Type of what the cell ends with, as C#.</param>
/// <param name="Count">Number of items.</param>
/// <param name="Function">Name of the function that runs one item, which <see cref="JobDescription.Source"/> declares.</param>
internal sealed record JobMap(string Name, string Type, string ResultType, int Count, string Function)
{
    /// <summary>Name of the input that has the items, an array.</summary>
    public required string Items { get; init; }

    /// <summary>How many run at the same time at most; 0 for as many as the endpoint allows.</summary>
    public int Throttle { get; init; }

    /// <summary>How often a failed item is tried again.</summary>
    public int Retries { get; init; }
}

/// <summary>What a job asks for. Zero and null leave the choice to the endpoint.</summary>
internal sealed record JobResources
{
    public int Nodes { get; init; }

    /// <summary>Processes that run the same cell together, each with a rank; 0 for one without MPI.</summary>
    public int Tasks { get; init; }

    public int CpusPerTask { get; init; }

    public int Gpus { get; init; }

    public long MemoryBytes { get; init; }

    public TimeSpan? Walltime { get; init; }

    public string? Partition { get; init; }

    public string? Account { get; init; }

    public string? Qos { get; init; }

    /// <summary>Whether it may be started again after its node died or it was preempted.</summary>
    public bool MayRequeue { get; init; }

    /// <summary>Identifiers of jobs that must have succeeded before.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>More lines for the batch system as its files have them, for instance "--constraint=a100".</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];
}
