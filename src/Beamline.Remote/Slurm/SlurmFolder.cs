using System.Text.Json;

namespace Beamline.Remote.Slurm;

/// <summary>The work folder of an endpoint: jobs/ID as everywhere, store/ with arrays by hash, trusted.json, and beside each job what this endpoint notes.</summary>
internal sealed class SlurmFolder(IJobFiles files, string root)
{
    public IJobFiles Files => files;

    public string Jobs => root + "/jobs";

    public string Store => root + "/store";

    /// <summary>The keys of those who sent jobs: the folder is one user's.</summary>
    public string Trusted => root + "/trusted.json";

    public string Of(string id) => $"{Jobs}/{JobNames.Id(id)}";

    public string StorePath(string sha256) => $"{Store}/{JobNames.Hash(sha256)[..2]}/{sha256}";

    public static string Ticket(string folder) => folder + "/slurm.json";

    public static string Script(string folder) => folder + "/batch.sh";

    /// <summary>How a job ended whose worker could not say it: Slurm forgets jobs after minutes.</summary>
    public static string Verdict(string folder) => folder + "/slurm-status.json";

    public static string Status(string folder) => folder + "/status.json";

    public static string CancelMark(string folder) => folder + "/cancel";

    /// <summary>State of the part of a map that a task runs.</summary>
    public static string Part(string folder, SlurmTicket ticket, int task)
    {
        var first = task * ticket.ItemsPerTask;
        return $"{folder}/status.{first}-{Math.Min(first + ticket.ItemsPerTask, ticket.Items) - 1}.json";
    }

    public Task WriteAsync(string path, byte[] bytes, CancellationToken cancellationToken) =>
        files.WriteAsync(path, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), cancellationToken);

    /// <summary>A small file as what it says; null when it is not there, or damaged by a machine that died.</summary>
    public async Task<T?> ReadAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => Parse<T>((await files.ReadAsync([path], cancellationToken).ConfigureAwait(false))[0]);

    public static T? Parse<T>(byte[]? bytes)
        where T : class
    {
        try
        {
            return bytes is null ? null : JsonSerializer.Deserialize<T>(bytes, JobJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The list of jobs that were removed.</summary>
    public string Pruned => root + "/" + PrunedJobs.FileName;

    /// <summary>What is known of a job that was removed; null when it was not.</summary>
    public async Task<PrunedJob?> PrunedAsync(string id, CancellationToken cancellationToken) =>
        PrunedJobs.Parse((await files.ReadAsync([Pruned], cancellationToken).ConfigureAwait(false))[0]).LastOrDefault(j => j.Id == id);

    /// <summary>Adds a key to those whose jobs run, also when several do so at once.</summary>
    public async Task TrustAsync(string keyId, CancellationToken cancellationToken)
    {
        JobNames.Hash(keyId);
        // Looked at again afterwards: whoever was taken for dead may have written his list late.
        while (!await IsTrustedAsync().ConfigureAwait(false))
        {
            await new SlurmFolderLock(files, Trusted + ".lock").RunAsync(async isMine =>
            {
                var known = await ReadAsync<string[]>(Trusted, cancellationToken).ConfigureAwait(false) ?? [];
                if (!known.Contains(keyId) && await isMine().ConfigureAwait(false))
                {
                    await WriteAsync(Trusted, JobJson.Write(known.Append(keyId).Order(StringComparer.Ordinal).ToArray()), cancellationToken).ConfigureAwait(false);
                }
            }, cancellationToken).ConfigureAwait(false);
        }

        async Task<bool> IsTrustedAsync() => (await ReadAsync<string[]>(Trusted, cancellationToken).ConfigureAwait(false) ?? []).Contains(keyId);
    }
}
