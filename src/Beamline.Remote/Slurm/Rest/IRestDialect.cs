using System.Text.Json.Nodes;

namespace Beamline.Remote.Slurm;

/// <summary>The JSON of a version of slurmrestd.</summary>
internal interface IRestDialect
{
    /// <summary>The body of job/submit.</summary>
    JsonObject Submission(SlurmBatch batch, IReadOnlyDictionary<string, string> environment);

    /// <summary>A record of "jobs".</summary>
    SlurmJob Job(JsonObject job);

    /// <summary>A record of "partitions".</summary>
    SlurmPartition Partition(JsonObject partition);
}

/// <summary>Which dialects there are.</summary>
internal static class RestDialects
{
    /// <summary>Newest first. Only v0.0.38 has met a real daemon (Slurm 22.05); the others follow Slurm's published descriptions.</summary>
    public static readonly string[] Versions = ["v0.0.43", "v0.0.42", "v0.0.41", "v0.0.40", "v0.0.39", "v0.0.38"];

    public static IRestDialect Of(string version) => version == "v0.0.38" ? new RestOf38() : new RestOf40(version);
}
