using System.Globalization;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;

namespace Beamline.Remote;

/// <summary>The service of an endpoint, over its unix socket or HTTP.</summary>
internal sealed class HttpEndpointConnection(string name, HttpEndpointOptions options) : IEndpointConnection
{
    private readonly EndpointClient _client = new(name, options);
    private EndpointInfo? _info;

    public string Name => name;

    public async Task<EndpointInfo> InfoAsync(CancellationToken cancellationToken) =>
        _info = await GetAsync<EndpointInfo>("v1/info", cancellationToken).ConfigureAwait(false);

    public async Task<JobStatus> SubmitAsync(
        SignedJob job, IReadOnlyDictionary<string, IArraySource> arrays, IProgress<(long Sent, long All)>? sent, CancellationToken cancellationToken)
    {
        // A second round only when something was missing; a third when the store was cleared between them.
        var posted = new PostedJob(Encoding.UTF8.GetString(job.Json), job.Signature);
        for (var round = 0; ; round++)
        {
            IReadOnlyList<string> missing = [];
            var status = await _client.JsonAsync(
                HttpMethod.Post, "v1/jobs", posted, TimeSpan.Zero,
                problem =>
                {
                    missing = problem.Missing;
                    return problem.Status == 409 && missing.Count > 0 && round < 2 && missing.All(arrays.ContainsKey) ? new JobStatus(JobState.Queued) : null;
                },
                cancellationToken).ConfigureAwait(false);
            if (missing.Count == 0)
            {
                return status;
            }

            await SendAsync([.. missing.Distinct().Select(hash => arrays[hash])], sent, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<JobStatus> StatusAsync(string jobId, CancellationToken cancellationToken) =>
        GetAsync<JobStatus>(Job(jobId), cancellationToken);

    public Task<JobEvents> EventsAsync(string jobId, long offset, TimeSpan wait, CancellationToken cancellationToken) =>
        _client.JsonAsync<JobEvents>(
            HttpMethod.Get,
            string.Create(CultureInfo.InvariantCulture, $"{Job(jobId)}/events?offset={offset}&wait={wait.TotalSeconds:0.###}"),
            null, wait, cancellationToken);

    public Task CancelAsync(string jobId, CancellationToken cancellationToken) =>
        _client.JsonAsync<JobStatus>(HttpMethod.Post, $"{Job(jobId)}/cancel", null, TimeSpan.Zero, cancellationToken);

    public async Task<IReadOnlyList<JobValue>> OutputsAsync(string jobId, CancellationToken cancellationToken) =>
        await GetAsync<List<JobValue>>($"{Job(jobId)}/outputs", cancellationToken).ConfigureAwait(false);

    public async Task<string> FetchAsync(string jobId, JobArray array, string folder, CancellationToken cancellationToken)
    {
        JobNames.Hash(array.Sha256);
        if (array.Path is { } shared && await IsRightAsync(shared, array, cancellationToken).ConfigureAwait(false))
        {
            return shared;
        }

        var target = Path.Combine(folder, array.Sha256 + (array.DType == "json" ? ".json" : ".npy"));
        if (await IsRightAsync(target, array, cancellationToken).ConfigureAwait(false))
        {
            return target;
        }

        var part = PrivateFile.TemporaryName(target);
        try
        {
            PrivateFile.CreateFolder(folder);
            await DownloadAsync(jobId, array, part, cancellationToken).ConfigureAwait(false);
            File.Move(part, target, overwrite: true);
            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Of(e, target, array.Bytes);
        }
        finally
        {
            File.Delete(part);
        }
    }

    public async Task<IReadOnlyList<JobSummary>> ListAsync(CancellationToken cancellationToken) =>
        await GetAsync<List<JobSummary>>("v1/jobs", cancellationToken).ConfigureAwait(false);

    public Task<EndpointPruning> PruneAsync(double? olderThanDays, bool isTrial, CancellationToken cancellationToken) => _client.JsonAsync<EndpointPruning>(
        HttpMethod.Post, "v1/prune", new PruneWish { OlderThanDays = olderThanDays, IsTrial = isTrial }, TimeSpan.FromMinutes(10), cancellationToken);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Job(string jobId) => $"v1/jobs/{JobNames.Id(jobId)}";

    private static async Task<bool> IsRightAsync(string path, JobArray array, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return file.Length == array.Bytes
                && Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false)) == array.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => _client.JsonAsync<T>(HttpMethod.Get, path, null, TimeSpan.Zero, cancellationToken);

    private async Task SendAsync(IReadOnlyList<IArraySource> sources, IProgress<(long Sent, long All)>? sent, CancellationToken cancellationToken)
    {
        var info = _info ?? await InfoAsync(cancellationToken).ConfigureAwait(false);
        var store = info.SharedStore is { } folder && SharedStore.IsWritable(folder) ? folder : null;
        var (done, all) = (0L, sources.Sum(s => s.Array.Bytes));
        foreach (var source in sources)
        {
            if (store is not null)
            {
                await Task.Run(() => SharedStore.Write(store, source, Count, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await _client.UploadAsync($"v1/arrays/{source.Array.Sha256}", source, Count, cancellationToken).ConfigureAwait(false);
            }
        }

        void Count(long bytes) => sent?.Report((Interlocked.Add(ref done, bytes), all));
    }

    private async Task DownloadAsync(string jobId, JobArray array, string part, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var file = PrivateFile.Create(part, 0))
        {
            await _client.DownloadAsync(
                $"{Job(jobId)}/outputs/{array.Sha256}",
                async bytes =>
                {
                    hash.AppendData(bytes.Span);
                    await file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != array.Sha256)
        {
            throw new EndpointException($"A result of job {jobId} arrived damaged: its hash should be {array.Sha256} and is {found}. Fetch it again.");
        }
    }
}
