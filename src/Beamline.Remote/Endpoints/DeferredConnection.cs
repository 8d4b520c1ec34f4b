namespace Beamline.Remote;

/// <summary>A line to an endpoint that is opened by its first use. When that fails, the next use tries again.</summary>
internal sealed class DeferredConnection(string name, Func<CancellationToken, Task<IEndpointConnection>> open) : IEndpointConnection
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile IEndpointConnection? _line;

    public string Name => name;

    public async Task<EndpointInfo> InfoAsync(CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).InfoAsync(cancellationToken).ConfigureAwait(false);

    public async Task<JobStatus> SubmitAsync(
        SignedJob job, IReadOnlyDictionary<string, IArraySource> arrays, IProgress<(long Sent, long All)>? sent, CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).SubmitAsync(job, arrays, sent, cancellationToken).ConfigureAwait(false);

    public async Task<JobStatus> StatusAsync(string jobId, CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).StatusAsync(jobId, cancellationToken).ConfigureAwait(false);

    public async Task<JobEvents> EventsAsync(string jobId, long offset, TimeSpan wait, CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).EventsAsync(jobId, offset, wait, cancellationToken).ConfigureAwait(false);

    public async Task CancelAsync(string jobId, CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).CancelAsync(jobId, cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyList<JobValue>> OutputsAsync(string jobId, CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).OutputsAsync(jobId, cancellationToken).ConfigureAwait(false);

    public async Task<string> FetchAsync(string jobId, JobArray array, string folder, CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).FetchAsync(jobId, array, folder, cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyList<JobSummary>> ListAsync(CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).ListAsync(cancellationToken).ConfigureAwait(false);

    public async Task<EndpointPruning> PruneAsync(double? olderThanDays, bool isTrial, CancellationToken cancellationToken) =>
        await (await LineAsync(cancellationToken).ConfigureAwait(false)).PruneAsync(olderThanDays, isTrial, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (_line is { } line)
        {
            await line.DisposeAsync().ConfigureAwait(false);
        }

        _one.Dispose();
    }

    private async ValueTask<IEndpointConnection> LineAsync(CancellationToken cancellationToken)
    {
        if (_line is { } line)
        {
            return line;
        }

        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _line ??= await open(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }
}
