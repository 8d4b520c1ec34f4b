namespace Beamline.Remote;

/// <summary>How long an endpoint keeps what jobs leave, and how much of it.</summary>
/// <param name="Age">How long a job is kept after its end, and an array that no job names after its last use; null for ever.</param>
/// <param name="Bytes">Most bytes of jobs and arrays together; 0 for no limit.</param>
internal sealed record KeepRules(TimeSpan? Age, long Bytes)
{
    public const double UsualDays = 30;

    public const long UsualBytes = 100L << 30;

    /// <summary>What was used so lately may be an input of a job that is just being sent.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromHours(1);

    /// <summary>What the limit of bytes alone does not reach: a day's work must not vanish while its user is at it.</summary>
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Of all that could go.</summary>
    public static KeepRules Nothing { get; } = new(TimeSpan.Zero, 0);

    /// <summary>How long an array is kept since its last use, by its age alone; null for ever.</summary>
    public TimeSpan? ArrayAge => Age is { } age ? Longer(age, Shortest) : null;

    /// <summary>How old a job must be to make room.</summary>
    public TimeSpan JobAgeForRoom => Age is { } age && age < Day ? age : Day;

    /// <summary>How long an array must have been unused to make room.</summary>
    public TimeSpan ArrayAgeForRoom => Longer(JobAgeForRoom, Shortest);

    /// <summary>The rules of a file.</summary>
    /// <param name="days">0 for ever.</param>
    /// <param name="bytes">0 for no limit.</param>
    public static KeepRules Of(double days, long bytes) => new(days > 0 ? TimeSpan.FromDays(days) : null, bytes);

    /// <summary>The same with an age that somebody asked for.</summary>
    /// <param name="days">From 0, all that has ended; null for what the rules say.</param>
    /// <exception cref="EndpointException">It is no number of days.</exception>
    public KeepRules OlderThan(double? days) => days switch
    {
        null => this,
        >= 0 and <= 36_500 => this with { Age = TimeSpan.FromDays(days.Value) },
        _ => throw new EndpointException("'older than' is a number of days from 0 (all that has ended) to 36500."),
    };

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
