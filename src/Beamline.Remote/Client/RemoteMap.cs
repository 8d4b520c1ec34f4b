namespace Beamline.Remote;

/// <summary>An item of a map that failed.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Error">What it threw; all lines to show are in it.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record RemoteItemError(int Index, JobError Error, int Attempts)
{
    /// <inheritdoc/>
    public override string ToString() => $"item {Index}: {Error.Name}: {Error.Message}{(Attempts > 1 ? $" (tried {Attempts} times)" : "")}";
}

/// <summary>The results of a function that runs once for each item at an endpoint. They come one by one; those that are here can be used.</summary>
/// <typeparam name="T">What the function gives.</typeparam>
public sealed class RemoteMap<T> : IRemoteMap
{
    private readonly RemoteClient _client;
    private readonly Func<IReadOnlyList<int>, CancellationToken, Task<RemoteMap<T>>>? _retry;
    private readonly Lock _gate = new();
    private readonly JobValue?[] _values;
    private readonly RemoteItemError?[] _errors;
    private readonly T?[] _decoded;
    private readonly bool[] _isDecoded;
    private readonly int[] _sources;
    private JobRecord _record;

    internal RemoteMap(RemoteClient client, JobRecord record, Func<IReadOnlyList<int>, CancellationToken, Task<RemoteMap<T>>>? retry = null)
    {
        (_client, _record, _retry) = (client, record, retry);
        var count = record.Map?.Count ?? throw new EndpointException($"Job {record.Number} is no map: it ran one cell.");
        (_values, _errors, _decoded, _isDecoded, _sources) = (new JobValue?[count], new RemoteItemError?[count], new T?[count], new bool[count], new int[count]);
    }

    /// <summary>The job that runs it.</summary>
    public RemoteJob Job => new(_client, _record);

    /// <summary>Number of items.</summary>
    public int Count => _values.Length;

    /// <summary>Items that have ended, well or not.</summary>
    public int Completed
    {
        get
        {
            lock (_gate)
            {
                return Enumerable.Range(0, Count).Count(i => _values[i] is not null || _errors[i] is not null);
            }
        }
    }

    /// <summary>Places of the items whose results are here, rising.</summary>
    public IReadOnlyList<int> Succeeded => Where(i => _values[i] is not null);

    /// <summary>Items that failed, by place.</summary>
    public IReadOnlyList<RemoteItemError> Failed
    {
        get
        {
            lock (_gate)
            {
                return [.. _errors.OfType<RemoteItemError>()];
            }
        }
    }

    /// <summary>All results in the order of the items. Waits for those that are not here yet.</summary>
    /// <exception cref="EndpointException">Some items failed or never ran: the message names them. <see cref="Succeeded"/> and the indexer give the others.</exception>
    public IReadOnlyList<T> Results
    {
        get
        {
            if (Completed < Count)
            {
                WaitAsync().GetAwaiter().GetResult();
            }

            var missing = Where(i => _values[i] is null);
            return missing.Length == 0 ? [.. Enumerable.Range(0, Count).Select(i => this[i])] : throw new EndpointException(
                $"{missing.Length} of {Count} items of job {_record.Number} have no result: {Named(missing)}. " +
                $"RetryFailedAsync() runs these again; Succeeded lists the {Count - missing.Length} that have one, and map[i] is its value.");
        }
    }

    /// <summary>The result of one item.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <exception cref="EndpointException">It failed, or has not run.</exception>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            lock (_gate)
            {
                if (_isDecoded[index])
                {
                    return _decoded[index]!;
                }
            }

            if (_values[index] is not { } value)
            {
                throw new EndpointException(_errors[index] is { } error
                    ? $"Job {_record.Number}, {error}"
                    : $"Item {index} of job {_record.Number} has no result: the job {JobLine.Words(_record.Status.State)}.");
            }

            // An item of an earlier job, which was retried, has its files there.
            var owner = _sources[index] == _record.Number ? _record : _client.Find(_sources[index]);
            var decoded = (T?)_client.Results.GetAsync(owner, value, typeof(T), CancellationToken.None).GetAwaiter().GetResult();
            lock (_gate)
            {
                (_decoded[index], _isDecoded[index]) = (decoded, true);
            }

            return decoded!;
        }
    }

    /// <summary>Waits until all items have ended or the job has. Items that failed do not throw.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the job.</param>
    /// <exception cref="EndpointException">The endpoint cannot be reached for long.</exception>
    public async Task<RemoteMap<T>> WaitAsync(CancellationToken cancellationToken = default)
    {
        _record = await _client.Follower(_record).RunAsync(_record, this, cancellationToken).ConfigureAwait(false);
        return this;
    }

    /// <summary>Runs the items that have no result once more, as a job of their own, and waits for it.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A map of all items: results of before, and what the new job gave.</returns>
    /// <exception cref="EndpointException">This map comes from an earlier session, which had the items; run its cell again.</exception>
    public async Task<RemoteMap<T>> RetryFailedAsync(CancellationToken cancellationToken = default)
    {
        if (!_record.Status.IsFinal)
        {
            await WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        var missing = Where(i => _values[i] is null);
        if (missing.Length == 0)
        {
            return this;
        }

        if (_retry is null)
        {
            throw new EndpointException($"The items of job {_record.Number} are not in this session any more: run its cell again. Results that came are here all the same.");
        }

        var again = await _retry(missing, cancellationToken).ConfigureAwait(false);
        await again.WaitAsync(cancellationToken).ConfigureAwait(false);
        var all = new RemoteMap<T>(_client, _record, _retry);
        for (var i = 0; i < Count; i++)
        {
            (all._values[i], all._errors[i], all._decoded[i], all._isDecoded[i], all._sources[i]) = (_values[i], _errors[i], _decoded[i], _isDecoded[i], _sources[i]);
        }

        for (var k = 0; k < missing.Length; k++)
        {
            (all._values[missing[k]], all._sources[missing[k]]) = (again._values[k], again._record.Number);
            all._errors[missing[k]] = again._errors[k] is { } error ? error with { Index = missing[k], Attempts = error.Attempts + (_errors[missing[k]]?.Attempts ?? 0) } : null;
        }

        return all;
    }

    /// <summary>How many items are done, failed, and left.</summary>
    public override string ToString()
    {
        var failed = Failed.Count;
        return $"map of {Count} items by job {_record.Number}: {Completed - failed} done{(failed > 0 ? $", {failed} failed" : "")}{(Completed < Count ? $", {Count - Completed} left" : "")}";
    }

    void IJobView.Event(JobEvent shown)
    {
        if (shown is { Kind: "item", Item: { } index } && index >= 0 && index < Count)
        {
            lock (_gate)
            {
                (_values[index], _sources[index]) = (shown.Value, _record.Number);
                _errors[index] = shown.Error is { } error ? new RemoteItemError(index, error, Math.Max(1, shown.Attempt)) : null;
            }
        }
    }

    void IJobView.Status(JobRecord record, string? note) => _record = record;

    private int[] Where(Func<int, bool> isIt)
    {
        lock (_gate)
        {
            return [.. Enumerable.Range(0, Count).Where(isIt)];
        }
    }

    private static string Named(int[] items) =>
        string.Join(", ", items.Take(10)) + (items.Length > 10 ? $" and {items.Length - 10} more" : "");
}

/// <summary>A map of whatever type.</summary>
internal interface IRemoteMap : IJobView
{
    IReadOnlyList<RemoteItemError> Failed { get; }

    RemoteJob Job { get; }

    int Count { get; }

    int Completed { get; }
}
