namespace Beamline.Remote;

/// <summary>A job that was sent to an endpoint. It goes on when the notebook is closed; <see cref="RemoteJobs"/> finds it again.</summary>
public sealed class RemoteJob
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    private readonly RemoteClient _client;
    private JobRecord _record;
    private DateTimeOffset _asked;

    internal RemoteJob(RemoteClient client, JobRecord record) => (_client, _record) = (client, record);

    /// <summary>Its number, as #!attach and #!cancel take it. No other job of the user on this machine has it, ever.</summary>
    public int Id => _record.Number;

    /// <summary>Name of its endpoint.</summary>
    public string Endpoint => _record.Endpoint;

    /// <summary>What its cell is called.</summary>
    public string Label => _record.Label;

    /// <summary>When it was sent, in UTC.</summary>
    public DateTimeOffset Created => _record.Created;

    /// <summary>The C# that runs.</summary>
    public string Source => _record.Source;

    /// <summary>What it is doing: asks the endpoint, at most twice a second. What was known last when the endpoint cannot be reached.</summary>
    public JobState State => Status.State;

    /// <summary>The same as <see cref="State"/> with all that is known about it.</summary>
    public JobStatus Status
    {
        get
        {
            using var soon = new CancellationTokenSource(Soon);
            try
            {
                return RefreshAsync(soon.Token).GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is EndpointException or OperationCanceledException)
            {
                return _record.Status;
            }
        }
    }

    /// <summary>Names of the variables that come back.</summary>
    public IReadOnlyList<string> Results => [.. _record.Outputs.Select(o => o.Name)];

    /// <summary>All text that it printed so far, stdout and stderr as they came.</summary>
    /// <exception cref="EndpointException">The endpoint cannot be reached, and the text is not complete here.</exception>
    public string Output => OutputAsync(CancellationToken.None).GetAwaiter().GetResult();

    internal JobRecord Record => _record;

    /// <summary>Waits until it has ended, however that is. Shows nothing: #!attach does.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the job.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="EndpointException">The endpoint cannot be reached for long, or does not know the job.</exception>
    public async Task<JobStatus> WaitAsync(CancellationToken cancellationToken = default)
    {
        _record = await _client.Follower(Reread()).RunAsync(_record, NoView.Instance, cancellationToken).ConfigureAwait(false);
        return _record.Status;
    }

    /// <summary>Asks its endpoint to stop it, and its batch system with it. One that has ended stays as it is.</summary>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="EndpointException">The endpoint cannot be reached.</exception>
    public async Task CancelAsync(CancellationToken cancellationToken = default)
    {
        if (!Reread().Status.IsFinal)
        {
            await _client.Connect(Endpoint).CancelAsync(_record.JobId, cancellationToken).ConfigureAwait(false);
            _asked = default;
        }
    }

    /// <summary>A result, fetched when it is not here yet. Large volumes are mapped from their file.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Name of the variable of the cell.</param>
    /// <exception cref="EndpointException">The job has not ended, has no such result, or it could not travel.</exception>
    public T Get<T>(string name) => GetAsync<T>(name).GetAwaiter().GetResult();

    /// <inheritdoc cref="Get{T}(string)"/>
    /// <param name="name">Name of the variable of the cell.</param>
    /// <param name="cancellationToken">Ends the fetching.</param>
    public async Task<T> GetAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return (T)(await _client.Results.GetAsync(_record, name, typeof(T), cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>One line: number, endpoint, state and time.</summary>
    public override string ToString() => JobLine.Text(_record, _record.Status, null, _client.Clock.GetUtcNow());

    /// <summary>Asks the endpoint for the state, unless it is known to be final, is just being sent, or was asked just now.</summary>
    internal async Task<JobStatus> RefreshAsync(CancellationToken cancellationToken)
    {
        // One whose sender was killed before it heard that the job was taken may be there all the same.
        if (!Reread().Status.IsFinal && (_record.IsAccepted || !IsAlive(_record.ProcessId)) && _client.Clock.GetUtcNow() - _asked > Fresh)
        {
            var status = await _client.Connect(Endpoint).StatusAsync(_record.JobId, cancellationToken).ConfigureAwait(false);
            _asked = _client.Clock.GetUtcNow();
            if (status != _record.Status || !_record.IsAccepted)
            {
                _record = _client.Registry.Update(_record with { Status = status, IsAccepted = true });
            }
        }

        return _record.Status;
    }

    // A follower in this or another process may know more.
    private JobRecord Reread() => _record = _client.Registry.Find(Id) ?? _record;

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task<string> OutputAsync(CancellationToken cancellationToken)
    {
        var (events, next) = _client.Registry.Files(Id).Kept();
        List<JobEvent> all = [.. events];
        if (!Reread().IsComplete)
        {
            var connection = _client.Connect(Endpoint);
            while (true)
            {
                var more = await connection.EventsAsync(_record.JobId, next, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
                if (more.Events.Count == 0)
                {
                    break;
                }

                all.AddRange(more.Events);
                next = more.Next;
            }
        }

        return string.Concat(all.Where(e => e.Kind == "stream").Select(e => e.Text));
    }
}
