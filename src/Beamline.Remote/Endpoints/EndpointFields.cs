namespace Beamline.Remote;

/// <summary>What a field of an endpoint's file may hold.</summary>
internal enum EndpointValueKind
{
    /// <summary>A text that is not empty.</summary>
    Text,

    /// <summary>A whole number from 0.</summary>
    Count,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>hh:mm:ss or d-hh:mm:ss.</summary>
    Walltime,

    /// <summary>A number with a unit, for instance "64 GiB".</summary>
    Memory,

    /// <summary>http://, https:// or unix: and a path.</summary>
    Url,

    /// <summary>The path of a file; ~ is the user's home.</summary>
    Path,

    /// <summary>The name of an environment variable.</summary>
    Variable,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>An object that the kind of endpoint reads itself.</summary>
    Part,
}

/// <summary>A field of an endpoint's file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it may hold.</param>
/// <param name="Summary">What it is for.</param>
/// <param name="Of">The kinds of endpoints that have it; empty for all.</param>
internal sealed record EndpointField(string Name, EndpointValueKind Kind, string Summary, params string[] Of)
{
    public bool IsOf(string kind) => Of.Length == 0 || Of.Contains(kind);
}

/// <summary>All fields of endpoints' files. The schema in kernels-config/endpoints says the same; a test compares them.</summary>
internal static class EndpointFields
{
    public static IReadOnlyList<string> Kinds { get; } = ["local", "http", "slurm"];

    public static IReadOnlyList<EndpointField> All { get; } =
    [
        new("kind", EndpointValueKind.Text, "local, http or slurm."),
        new("description", EndpointValueKind.Text, "One line for people."),
        new("url", EndpointValueKind.Url, "Where the service of Beamline listens: https://HOST:PORT, http://127.0.0.1:PORT or unix:/PATH.", "http"),
        new("tokenFile", EndpointValueKind.Path, "A file with the token and nothing else, readable by you alone.", "http"),
        new("tokenVariable", EndpointValueKind.Variable, "Environment variable that holds the token.", "http"),
        new("certificateFile", EndpointValueKind.Path, "Certificate of a service that signed its own (PEM).", "http"),
        new("workFolder", EndpointValueKind.Text, "Folder for jobs and arrays on the file system that the nodes share, as the nodes call it.", "slurm"),
        new("via", EndpointValueKind.Part, "The way to the batch system: { \"kind\": \"cli\" }, { \"kind\": \"ssh\", \"host\": ... } or { \"kind\": \"rest\", \"url\": ... }.", "slurm"),
        new("beamlineCommand", EndpointValueKind.Texts, "The words that start Beamline on a node.", "slurm"),
        new("prologue", EndpointValueKind.Texts, "Lines of shell before it, for instance \"module load dotnet/10\".", "slurm"),
        new("mpi", EndpointValueKind.Text, "What starts the processes of a job with several: srun or mpirun.", "slurm"),
        new("mpiOptions", EndpointValueKind.Texts, "More words for it.", "slurm"),
        new("notice", EndpointValueKind.Count, "Seconds before the end of its time when a job is told to save its state.", "slurm"),
        new("arrayTasks", EndpointValueKind.Count, "Most tasks of one array.", "slurm"),
        new("grace", EndpointValueKind.Count, "Seconds that a shared file system may take to show what a node wrote.", "slurm"),
        new("keepDays", EndpointValueKind.Count, "Days for which jobs and arrays are kept when old ones are removed; 30 when it is left out, 0 for ever.", "slurm"),
        new("keepSize", EndpointValueKind.Memory, "Most bytes of jobs and arrays that are kept then; 100 GiB when it is left out.", "slurm"),
        new("trust", EndpointValueKind.Text, "A list of trusted keys, which the worker checks.", "slurm"),
        new("policy", EndpointValueKind.Text, "Rules for jobs, which the worker checks.", "slurm"),
        new("partition", EndpointValueKind.Text, "Partition when a cell names none.", "slurm"),
        new("account", EndpointValueKind.Text, "Account when a cell names none.", "slurm"),
        new("qos", EndpointValueKind.Text, "Quality of service when a cell names none.", "slurm"),
        new("extra", EndpointValueKind.Texts, "More options of sbatch, for instance \"--constraint=a100\".", "slurm"),
        new("walltime", EndpointValueKind.Walltime, "Time when a cell names none."),
        new("nodes", EndpointValueKind.Count, "Nodes when a cell names none.", "slurm"),
        new("tasks", EndpointValueKind.Count, "Processes when a cell names none.", "slurm"),
        new("cpusPerTask", EndpointValueKind.Count, "Cores of a process when a cell names none.", "slurm"),
        new("gpus", EndpointValueKind.Count, "GPUs when a cell names none.", "slurm"),
        new("memory", EndpointValueKind.Memory, "Memory of a node when a cell names none.", "slurm"),
        new("askAbove", EndpointValueKind.Memory, "Inputs of more bytes than this are asked about before they are sent; 64 MiB when it is left out."),
    ];

    /// <summary>Fields that the sender reads, so that what is behind the kind of endpoint need not know them.</summary>
    public static IReadOnlyList<string> OfSender { get; } = ["$schema", "kind", "description", "walltime", "nodes", "tasks", "cpusPerTask", "gpus", "memory", "askAbove"];

    /// <summary>Fields that people write a secret into, and what to do instead.</summary>
    public static IReadOnlyList<string> Secrets { get; } = ["token", "password", "secret", "key", "apiKey"];
}
