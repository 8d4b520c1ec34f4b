using System.Text.Json;
using System.Text.Json.Serialization;

namespace Beamline.Remote;

/// <summary>The rules of an endpoint: policy.json. Checked where a job is accepted, and again by the worker. What is left out is not limited.</summary>
internal sealed record EndpointPolicy
{
    private static readonly JsonSerializerOptions FileOptions =
        new(JobJson.Strict) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Names of users, as tokens have them; null for all.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>"any" or "registered-only".</summary>
    [JsonConverter(typeof(ModeText))]
    public PolicyMode Mode { get; init; }

    /// <summary>Allowed hashes of code when only registered code runs, see <see cref="SourceHash"/>.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Names of NuGet packages, with a star at the end for all that start so; null for all.</summary>
    public IReadOnlyList<string>? Packages { get; init; }

    public TimeSpan? LongestWalltime { get; init; }

    /// <summary>0 for no limit.</summary>
    public int Nodes { get; init; }

    /// <summary>Most bytes of all inputs of a job; 0 for no limit.</summary>
    public long InputBytes { get; init; }

    /// <summary>Most memory that a job may ask for, and gets when it asks for none; 0 for no limit.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Most jobs of a user that wait or run at the same time; 0 for no limit.</summary>
    public int JobsPerUser { get; init; }

    /// <summary>Days for which the results of a job are kept after its end, and arrays that no job names after their last use; 0 for ever.</summary>
    public double KeepDays { get; init; } = KeepRules.UsualDays;

    /// <summary>Most bytes of jobs and arrays together; 0 for no limit.</summary>
    public long KeepBytes { get; init; } = KeepRules.UsualBytes;

    /// <summary>How long what jobs leave is kept.</summary>
    [JsonIgnore]
    public KeepRules Keep => KeepRules.Of(KeepDays, KeepBytes);

    /// <summary>Reads a policy.</summary>
    /// <exception cref="EndpointException">There is no such file, or it breaks the schema: the message has the line and the field.</exception>
    public static EndpointPolicy Load(string path)
    {
        try
        {
            var policy = JsonSerializer.Deserialize<EndpointPolicy>(
                File.ReadAllBytes(path),
                FileOptions) ?? throw new EndpointException($"{path}: the file says 'null'. An empty policy is {{}}.");
            return policy.Checked(path);
        }
        catch (JsonException e)
        {
            var field = e.Path is { Length: > 2 } at ? $", field '{at[2..]}'" : "";
            throw new EndpointException(
                $"{path}, line {(e.LineNumber ?? 0) + 1}{field}: {Reason(e)} Known fields are users, mode, sources, packages, longestWalltime (seconds), nodes, inputBytes, memoryBytes, jobsPerUser, keepDays and keepBytes.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EndpointException($"The policy {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Holds a job against the rules.</summary>
    /// <param name="job">The job.</param>
    /// <param name="user">Whose token sent it.</param>
    /// <returns>The rule that it breaks and what to do, or null when it may run.</returns>
    public string? Check(JobDescription job, string user) =>
        CheckUser(user) ?? CheckCode(job) ?? CheckPackages(job) ?? CheckResources(job);

    private static string Reason(JsonException e) =>
        e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "there is no such field."
        : e.InnerException is FormatException or InvalidOperationException ? $"the value does not fit: {e.InnerException.Message}"
        : e.Message.Split(" Path:")[0].Replace("System.", "", StringComparison.Ordinal);

    private EndpointPolicy Checked(string path)
    {
        (string Field, bool Wrong, string Problem)[] rules =
        [
            ("longestWalltime", LongestWalltime <= TimeSpan.Zero, "seconds above 0"),
            ("nodes", Nodes < 0, "0 for no limit, or more"),
            ("inputBytes", InputBytes < 0, "0 for no limit, or more"),
            ("memoryBytes", MemoryBytes < 0, "0 for no limit, or more"),
            ("jobsPerUser", JobsPerUser < 0, "0 for no limit, or more"),
            ("keepDays", KeepDays is not (>= 0 and <= 36_500), "days from 0, which is for ever, to 36500"),
            ("keepBytes", KeepBytes < 0, "0 for no limit, or more"),
            ("sources", Sources.Any(s => s.Length != 64 || !s.All(char.IsAsciiHexDigit)), "SHA-256 hashes of 64 hexadecimal digits"),
            ("sources", Mode == PolicyMode.Any && Sources.Count > 0, "nothing unless mode is \"registered-only\": as it is, all code would run"),
        ];
        foreach (var (field, wrong, expected) in rules)
        {
            if (wrong)
            {
                throw new EndpointException($"{path}, line {LineOf(path, field)}, field '{field}': expected {expected}.");
            }
        }

        return this;
    }

    private static int LineOf(string path, string field) =>
        Array.FindIndex(File.ReadAllLines(path), l => l.Contains($"\"{field}\"", StringComparison.Ordinal)) + 1;

    private string? CheckUser(string user) => Users is null || Users.Contains(user)
        ? null
        : $"The policy of this endpoint does not name the user '{user}'. Ask its owner to add you to \"users\".";

    private string? CheckCode(JobDescription job)
    {
        if (Mode == PolicyMode.Any)
        {
            return null;
        }

        var hash = SourceHash.Of(job);
        if (!Sources.Contains(hash, StringComparer.OrdinalIgnoreCase))
        {
            return $"This endpoint runs registered cells only, and this one is not. Its hash is {hash}: ask the owner to add it to \"sources\".";
        }

        return job.Resources.Extra.Count == 0
            ? null
            : "This endpoint runs registered cells only, and takes no extra lines for the batch system with them. Send it without.";
    }

    private string? CheckPackages(JobDescription job)
    {
        if (Packages is null)
        {
            return null;
        }

        var foreign = job.Packages.Select(p => p.Id).Where(id => !Packages.Any(rule => Fits(rule, id))).ToArray();
        return foreign.Length == 0
            ? null
            : $"The policy of this endpoint does not allow the package{(foreign.Length == 1 ? "" : "s")} {string.Join(", ", foreign)}. Send a cell that does without, or ask the owner to add to \"packages\".";
    }

    private static bool Fits(string rule, string id) => rule.EndsWith('*')
        ? id.StartsWith(rule[..^1], StringComparison.OrdinalIgnoreCase)
        : rule.Equals(id, StringComparison.OrdinalIgnoreCase);

    private string? CheckResources(JobDescription job)
    {
        var wants = job.Resources;
        if (LongestWalltime is { } longest && wants.Walltime > longest)
        {
            return $"It asks for {wants.Walltime.Value.TotalSeconds:0} s; this endpoint gives at most {longest.TotalSeconds:0} s. Ask for less with --time.";
        }

        if (Nodes > 0 && wants.Nodes > Nodes)
        {
            return $"It asks for {wants.Nodes} nodes; this endpoint gives at most {Nodes}. Ask for fewer with --nodes.";
        }

        if (MemoryBytes > 0 && wants.MemoryBytes > MemoryBytes)
        {
            return $"It asks for {wants.MemoryBytes} bytes of memory; this endpoint gives at most {MemoryBytes}. Ask for less.";
        }

        var bytes = job.Inputs.SelectMany(i => i.Arrays).Sum(a => (decimal)a.Bytes);
        return InputBytes > 0 && bytes > InputBytes
            ? $"Its inputs have {bytes} bytes; this endpoint takes at most {InputBytes}. Send less, or put the data where the endpoint can read it."
            : null;
    }

    private sealed class ModeText : JsonConverter<PolicyMode>
    {
        public override PolicyMode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType != JsonTokenType.String ? throw new JsonException("the mode is \"any\" or \"registered-only\".")
            : reader.GetString() switch
            {
                "any" => PolicyMode.Any,
                "registered-only" => PolicyMode.RegisteredOnly,
                var other => throw new JsonException($"there is no mode '{other}': it is \"any\" or \"registered-only\"."),
            };

        public override void Write(Utf8JsonWriter writer, PolicyMode value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value == PolicyMode.Any ? "any" : "registered-only");
    }
}
