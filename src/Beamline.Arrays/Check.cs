using System.Runtime.CompilerServices;

namespace Beamline.Arrays;

/// <summary>Range checks whose messages speak of slices and rows instead of parameter names.</summary>
internal static class Check
{
    internal static void Index(
        int index, int count, string what, [CallerArgumentExpression(nameof(index))] string? name = null)
    {
        if ((uint)index >= (uint)count)
        {
            throw new ArgumentOutOfRangeException(
                name, index, $"There is no {what} {index}: the {what}s are 0 to {count - 1}.");
        }
    }

    internal static void Angles(IReadOnlyList<double> anglesDegrees, int angleCount)
    {
        ArgumentNullException.ThrowIfNull(anglesDegrees);
        if (anglesDegrees.Count != angleCount)
        {
            throw new ArgumentException(
                $"{angleCount} projections but {anglesDegrees.Count} angles: give one angle in degrees for each projection.",
                nameof(anglesDegrees));
        }

        for (var i = 0; i < anglesDegrees.Count; i++)
        {
            if (!double.IsFinite(anglesDegrees[i]))
            {
                throw new ArgumentException($"Angle {i} is {anglesDegrees[i]}: angles must be finite.", nameof(anglesDegrees));
            }
        }
    }
}
