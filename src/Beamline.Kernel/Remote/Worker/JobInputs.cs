using System.ComponentModel;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>What a worker writes into the code of a job to bring in its inputs. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class JobInputs
{
    /// <summary>An input of the job that runs.</summary>
    /// <typeparam name="T">Type of its variable.</typeparam>
    /// <param name="name">Its name in the job.</param>
    /// <exception cref="InvalidOperationException">No job runs here, or it has no such input, or its data are not there.</exception>
    public static T Take<T>(string name) =>
        CellScope.Current?.Request.Job is { } job
            ? (T)job.Input(name, typeof(T))!
            : throw new InvalidOperationException("Inputs of jobs are there in a worker only.");
}

/// <summary>The job that a cell is a part of.</summary>
internal sealed class JobData(JobDescription job, WorkerValues values)
{
    private readonly Dictionary<string, JobValue> _inputs = job.Inputs.ToDictionary(v => v.Name, StringComparer.Ordinal);

    public JobDescription Description => job;

    /// <summary>The items of a map that are to run; null for a cell that runs once.</summary>
    public MapRun? Map { get; init; }

    public object? Input(string name, Type type)
    {
        if (!_inputs.TryGetValue(name, out var value))
        {
            throw new InvalidOperationException($"The job has no input '{name}', which its code needs. Send the cell again.");
        }

        return value.Problem is { } problem
            ? throw new InvalidOperationException($"The input '{name}' did not travel: {problem}")
            : values.Decode(value, type);
    }
}
