namespace Beamline.Remote;

/// <summary>Sees a job go on. Calls come one at a time and in order.</summary>
internal interface IJobView
{
    void Event(JobEvent shown);

    /// <param name="record">The job.</param>
    /// <param name="note">What else to say, for instance that the line is broken; null for nothing.</param>
    void Status(JobRecord record, string? note);
}

/// <summary>Sees nothing.</summary>
internal sealed class NoView : IJobView
{
    public static NoView Instance { get; } = new();

    public void Event(JobEvent shown)
    {
    }

    public void Status(JobRecord record, string? note)
    {
    }
}
