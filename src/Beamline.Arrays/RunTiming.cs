namespace Beamline.Arrays;

/// <summary>How long one part of a run was expected to take, and how long it took.</summary>
/// <param name="Name">The part, for instance "backproject".</param>
/// <param name="Expected">What the plan said; null when it could not say.</param>
/// <param name="Measured">What it took.</param>
public sealed record StepTiming(string Name, TimeSpan? Expected, TimeSpan Measured);

/// <summary>How long a run was expected to take before it began, and how long it took.</summary>
/// <param name="Expected">What the plan said; null when it could not say.</param>
/// <param name="Measured">What it took, with all that no step counts.</param>
/// <param name="Steps">The parts.</param>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record RunTiming(TimeSpan? Expected, TimeSpan Measured, IReadOnlyList<StepTiming> Steps)
{
    /// <summary>Expected over measured time: 1 is a perfect plan; null when nothing was expected.</summary>
    public double? Ratio => Expected is { } expected && Measured > TimeSpan.Zero ? expected / Measured : null;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Text(Measured)}" + (Expected is { } expected ? $", expected {Text(expected)}" : "") +
        (Steps.Count == 0 ? "" : $" ({string.Join(", ", Steps.Select(Step))})");

    /// <summary>A time as a person says it: 35 ms, 4.2 s, 3 min 20 s, 2 h 5 min.</summary>
    /// <param name="time">The time.</param>
    public static string Text(TimeSpan time) => time.TotalSeconds switch
    {
        < 0.9995 => $"{time.TotalMilliseconds:0} ms",
        < 99.95 => $"{time.TotalSeconds:0.0} s",
        < 3600 => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };

    private static string Step(StepTiming step) =>
        $"{step.Name} {Text(step.Measured)}" + (step.Expected is { } expected ? $" of {Text(expected)}" : "");
}
