using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>An endpoint as a file describes it. Secrets are not in it: it names where they are.</summary>
/// <param name="Name">Name of the file without .json.</param>
/// <param name="Kind">local, http or slurm.</param>
/// <param name="Path">The file; null for the embedded one.</param>
/// <param name="Settings">Its fields, checked.</param>
internal sealed record EndpointFile(string Name, string Kind, string? Path, JsonObject Settings)
{
    /// <summary>The endpoint that needs no file.</summary>
    public static EndpointFile Local { get; } = new("local", "local", null, []);

    public string? Text(string field) => (string?)Settings[field];

    public int Count(string field) => (int?)Settings[field] ?? 0;

    public IReadOnlyList<string> Texts(string field) => [.. Settings[field]?.AsArray().Select(t => (string)t!) ?? []];

    public TimeSpan? Walltime => Text("walltime") is { } text ? EndpointText.Walltime(text) : null;

    public long? Bytes(string field) => Text(field) is { } text ? EndpointText.Memory(text) : null;

    /// <summary>The fields that the kind of endpoint reads itself.</summary>
    public JsonObject OfKind()
    {
        var own = (JsonObject)Settings.DeepClone();
        foreach (var field in EndpointFields.OfSender)
        {
            own.Remove(field);
        }

        return own;
    }

    /// <summary>A path; one that is not absolute counts from the folder of the file.</summary>
    public string? PathOf(string field)
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        if (text == "~" || text.StartsWith("~/", StringComparison.Ordinal))
        {
            return System.IO.Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), text[1..]);
        }

        return System.IO.Path.GetFullPath(text, Path is null ? Directory.GetCurrentDirectory() : System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <summary>What a job asks for when its cell does not say.</summary>
    public JobResources WithDefaults(JobResources asked) => asked with
    {
        Nodes = asked.Nodes > 0 ? asked.Nodes : Count("nodes"),
        Tasks = asked.Tasks > 0 ? asked.Tasks : Count("tasks"),
        CpusPerTask = asked.CpusPerTask > 0 ? asked.CpusPerTask : Count("cpusPerTask"),
        Gpus = asked.Gpus > 0 ? asked.Gpus : Count("gpus"),
        MemoryBytes = asked.MemoryBytes > 0 ? asked.MemoryBytes : Bytes("memory") ?? 0,
        Walltime = asked.Walltime ?? Walltime,
    };

    /// <summary>The token, from the file or the environment variable that is named; null when none is.</summary>
    /// <exception cref="EndpointException">It is named and not there, or others can read it.</exception>
    public string? Token()
    {
        if (Text("tokenVariable") is { } variable)
        {
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value.Trim() : throw new EndpointException(
                $"The token of endpoint {Name} is to be in the environment variable {variable}, which is not set: set it before the notebook's kernel starts.");
        }

        if (PathOf("tokenFile") is not { } file)
        {
            return null;
        }

        if (!File.Exists(file))
        {
            throw new EndpointException($"The token of endpoint {Name} is to be in {file}, which is not there. Write it there and run: chmod 600 {file}");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            throw new EndpointException($"The token of endpoint {Name} can be read by others: chmod 600 {file}");
        }

        return File.ReadAllText(file).Trim();
    }
}
