using System.ComponentModel;

namespace Beamline.Remote;

/// <summary>What notebooks write into code that declares the results of a job. Not meant to be called by hand: see <see cref="RemoteJob.Get{T}"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RemoteResults
{
    /// <summary>A result of a job; fetched when it is not here yet.</summary>
    /// <typeparam name="T">Type of its variable.</typeparam>
    /// <param name="job">Number of the job.</param>
    /// <param name="name">Name of the variable.</param>
    /// <exception cref="EndpointException">The job has none of this name, or it cannot be fetched.</exception>
    public static T Take<T>(int job, string name) => RemoteJobs.Find(job).Get<T>(name);

    /// <summary>A result that is fetched when it is first used.</summary>
    /// <typeparam name="T">Type of its variable.</typeparam>
    /// <param name="job">Number of the job.</param>
    /// <param name="name">Name of the variable.</param>
    public static RemoteResult<T> Later<T>(int job, string name) => new(job, name);
}

/// <summary>A result that is fetched when it is first used. Notebooks put it behind a property.</summary>
/// <typeparam name="T">Type of the variable.</typeparam>
/// <param name="job">Number of the job.</param>
/// <param name="name">Name of the variable.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RemoteResult<T>(int job, string name) : IRemoteResult
{
    private readonly Lock _gate = new();
    private T? _value;
    private bool _isHere;

    /// <summary>The value: the first use waits for it; one that was assigned takes its place.</summary>
    /// <exception cref="EndpointException">It cannot be fetched; the next use tries again.</exception>
    public T Value
    {
        get
        {
            lock (_gate)
            {
                if (!_isHere)
                {
                    (_value, _isHere) = (RemoteResults.Take<T>(job, name), true);
                }

                return _value!;
            }
        }

        set
        {
            lock (_gate)
            {
                (_value, _isHere) = (value, true);
            }
        }
    }

    bool IRemoteResult.IsHere => _isHere;
}

/// <summary>A result that may not be here yet, for lists of variables: they must not fetch it.</summary>
internal interface IRemoteResult
{
    bool IsHere { get; }
}

/// <summary>Marks a property of a notebook that stands for a result which is fetched when it is used.</summary>
/// <param name="source">Name of the field that holds it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Property)]
public sealed class RemoteResultAttribute(string source) : Attribute
{
    /// <summary>Name of the field that holds it.</summary>
    public string Source { get; } = source;
}
