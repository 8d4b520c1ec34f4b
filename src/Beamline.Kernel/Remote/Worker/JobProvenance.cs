using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Writes how the results of a job came about: what ran, on what, with what, and what it took.</summary>
internal sealed class JobProvenance
{
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private readonly TimeSpan _processor = Environment.CpuUsage.TotalTime;

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="job">What ran.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="outputs">What it made.</param>
    /// <param name="context">With which device and limits.</param>
    /// <param name="packages">Packages of the session.</param>
    public void Write(
        string path, JobDescription job, JobStatusFile status, IReadOnlyList<JobValue> outputs, RunContext context, IReadOnlyList<ResolvedPackage> packages)
    {
        var ended = DateTimeOffset.UtcNow;
        var document = new JsonObject
        {
            ["job"] = job.Id,
            ["label"] = job.Label,
            ["user"] = job.User,
            ["sourceSha256"] = Hash(job.Source),
            ["preludeSha256"] = job.Prelude.Count > 0 ? Hash(string.Join('\n', job.Prelude.Select(p => p.Code))) : null,
            ["inputs"] = Values(job.Inputs),
            ["outputs"] = Values(outputs),
            ["packages"] = new JsonArray([.. packages.Select(p => (JsonNode)new JsonObject { ["id"] = p.Id, ["version"] = p.Version, ["sha512"] = p.Sha512 })]),
            ["beamline"] = typeof(JobProvenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            ["sentBy"] = $"Beamline {job.Beamline}, .NET {job.Runtime}",
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["os"] = RuntimeInformation.OSDescription,
            ["rid"] = RuntimeInformation.RuntimeIdentifier,
            ["host"] = Environment.MachineName,
            ["device"] = DeviceText(context.Device),
            ["threads"] = context.MaxThreads,
            ["memoryLimitBytes"] = context.MemoryLimitBytes,
            ["ranks"] = Ranks.Size,
            ["attempt"] = status.Attempt,
            ["batchId"] = Environment.GetEnvironmentVariable("SLURM_JOB_ID"),
            ["began"] = _began.ToString("O"),
            ["ended"] = ended.ToString("O"),
            ["seconds"] = Math.Round((ended - _began).TotalSeconds, 6),
            ["cpuSeconds"] = Math.Round((Environment.CpuUsage.TotalTime - _processor).TotalSeconds, 6),
            ["peakMemoryBytes"] = PeakMemory(),
        };
        foreach (var empty in document.Where(p => p.Value is null).Select(p => p.Key).ToList())
        {
            document.Remove(empty);
        }

        PrivateFile.Replace(path, JobJson.Write(document));
    }

    // What stands in the JSON is hashed as it stands there; arrays have hashes of their own.
    private static JsonArray Values(IEnumerable<JobValue> values) => new([.. values.Select(v => (JsonNode)new JsonObject
    {
        ["name"] = v.Name,
        ["type"] = v.Type,
        ["jsonSha256"] = v.Json is { } json ? Hash(json.ToJsonString(JobJson.Options)) : null,
        ["arrays"] = new JsonArray([.. v.Arrays.Select(a => (JsonNode)a.Sha256)]),
    })]);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string DeviceText(Device requested)
    {
        // Auto is settled by the first computation; to look for GPUs here would take longer than a small job.
        return requested == Device.Auto ? "auto" : $"{requested} ({DeviceName.Of(requested)})";
    }

    // Of the whole life of the process: a warm worker had other jobs before.
    private static long PeakMemory()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
