namespace Beamline.Display;

/// <summary>How long jobs are shown while they run. See <see cref="LiveDisplay.Options"/>.</summary>
public sealed record LiveDisplayOptions
{
    /// <summary>Whether jobs are shown at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>A job that is over before this is not shown, nor one that will be over in as much again.</summary>
    public TimeSpan Delay { get; init => field = NotNegative(value); } = TimeSpan.FromSeconds(0.5);

    /// <summary>Most updates a second, 0.1 to 10. Old Jupyter servers pass on about 1 MB a second, and a picture has up to 100 kB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0.1 to 10.</exception>
    public double UpdatesPerSecond
    {
        get;
        init
        {
            if (value is not (>= 0.1 and <= 10))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A live display is updated 0.1 to 10 times a second.");
            }

            field = value;
        }
    } = 5;

    /// <summary>Whether the result is shown as it forms.</summary>
    public bool Preview { get; init; } = true;

    /// <summary>Whether the display ends as the viewer of the result, where the cell does not show the result itself.</summary>
    public bool Viewer { get; init; } = true;

    internal TimeSpan Gap => TimeSpan.FromSeconds(1 / UpdatesPerSecond);

    private static TimeSpan NotNegative(TimeSpan value) => value >= TimeSpan.Zero
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "The delay is 0 or more.");
}
