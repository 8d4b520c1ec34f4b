namespace Beamline.Tomography;

/// <summary>Refuses values that would spread over their neighborhood.</summary>
internal static class FiniteCheck
{
    /// <exception cref="ArgumentException">A value is NaN or infinite; the message says where the first one is.</exception>
    internal static void Check(ReadOnlySpan<float> values, int columns, string what, string parameter)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"{what} holds {values[i]} in row {i / columns}, column {i % columns}; a filter would spread it. Replace it first (RepairValues() on projections).", parameter);
            }
        }
    }
}
