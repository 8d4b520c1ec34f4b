using System.ComponentModel;

namespace Beamline.Remote;

/// <summary>Maps that are on their way, for the code that notebooks write. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RemoteMaps
{
    /// <summary>The results of a map that ended, as its events tell them.</summary>
    /// <typeparam name="T">Type of a result.</typeparam>
    /// <param name="job">Number of the job.</param>
    /// <exception cref="EndpointException">There is no such job, or it is no map.</exception>
    public static RemoteMap<T> Take<T>(int job)
    {
        var client = RemoteClient.Current;
        var record = client.Find(job);
        var map = new RemoteMap<T>(client, record, client.Retries.Of<T>(record));
        foreach (var shown in client.Registry.Files(job).Kept().Events)
        {
            ((IJobView)map).Event(shown);
        }

        if (!record.IsComplete)
        {
            map.WaitAsync().GetAwaiter().GetResult();
        }

        return map;
    }
}
