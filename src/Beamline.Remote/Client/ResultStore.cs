using System.Collections.Concurrent;
using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>Results of jobs: asks for them, fetches their files, puts them together.</summary>
internal sealed class ResultStore(RemoteClient client)
{
    private readonly ConcurrentDictionary<(int Number, string Name), string[]> _files = new();

    /// <summary>What a job gives back, as its endpoint lists it.</summary>
    /// <exception cref="EndpointException">The endpoint cannot be reached or has forgotten the job.</exception>
    public async Task<IReadOnlyList<JobValue>> ListAsync(JobRecord record, CancellationToken cancellationToken)
    {
        var files = client.Registry.Files(record.Number);
        if (files.Outputs() is { } known)
        {
            return known;
        }

        var connection = client.Connect(record.Endpoint);
        var outputs = await connection.OutputsAsync(record.JobId, cancellationToken).ConfigureAwait(false);
        if (record.Status.IsFinal)
        {
            files.Write(outputs);
        }

        return outputs;
    }

    /// <summary>Fetches the files of a result, so that putting it together does not wait.</summary>
    public async Task FetchAsync(JobRecord record, JobValue value, CancellationToken cancellationToken)
    {
        if (_files.TryGetValue((record.Number, value.Name), out var there) && there.All(File.Exists))
        {
            return;
        }

        if (value.Arrays.Count == 0)
        {
            return;
        }

        var folder = client.Registry.Files(record.Number).Results;
        PrivateFile.CreateFolder(folder);
        var connection = client.Connect(record.Endpoint);
        var paths = new string[value.Arrays.Count];
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = await connection.FetchAsync(record.JobId, value.Arrays[i], folder, cancellationToken).ConfigureAwait(false);
        }

        _files[(record.Number, value.Name)] = paths;
    }

    /// <summary>A result as an object.</summary>
    /// <exception cref="EndpointException">It could not travel, or its files cannot be fetched.</exception>
    public async Task<object?> GetAsync(JobRecord record, JobValue value, Type type, CancellationToken cancellationToken)
    {
        if (value.Problem is { } problem)
        {
            throw new EndpointException($"{value.Name} of job {record.Number} could not travel back: {problem}");
        }

        await FetchAsync(record, value, cancellationToken).ConfigureAwait(false);
        return client.Codec.Decode(value, type, value.Arrays.Count == 0 ? [] : _files[(record.Number, value.Name)]);
    }

    /// <summary>A result by its name.</summary>
    /// <exception cref="EndpointException">The job has none of this name; those that it has are listed.</exception>
    public async Task<object?> GetAsync(JobRecord record, string name, Type type, CancellationToken cancellationToken)
    {
        if (!record.Status.IsFinal)
        {
            throw new EndpointException($"Job {record.Number} {JobLine.Words(record.Status.State)}: it has results when it has ended. #!attach {record.Number} waits for it.");
        }

        var outputs = await ListAsync(record, cancellationToken).ConfigureAwait(false);
        var value = outputs.FirstOrDefault(o => o.Name == name) ?? throw new EndpointException(
            $"Job {record.Number} ({record.Label}) has no result {name}.{Suggestion.DidYouMean(name, outputs.Select(o => o.Name))} " +
            (outputs.Count > 0 ? $"Results: {string.Join(", ", outputs.Select(o => o.Name))}." : $"It {JobLine.Words(record.Status.State)} and gave none."));
        return await GetAsync(record, value, type, cancellationToken).ConfigureAwait(false);
    }
}
