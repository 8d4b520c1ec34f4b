using System.Collections.Concurrent;
using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Projections divided each by a flat of its own, computed when read.</summary>
internal sealed class MixedFlatStack : ProjectionStack, IDerivedStack
{
    private readonly ProjectionStack _counts;
    private readonly FlatMixture _flats;
    private readonly FlatField _field;
    private readonly ConcurrentDictionary<int, float[]> _weights = [];

    internal MixedFlatStack(ProjectionStack counts, FlatMixture flats, FlatField field, Provenance provenance)
        : base(counts.AnglesDegrees, counts.RowCount, counts.ColumnCount)
    {
        (_counts, _flats, _field) = (counts, flats, field);
        PixelSize = counts.PixelSize;
        Quantity = Quantity.Transmission;
        Provenance = provenance;
    }

    public ProjectionStack Source => _counts;

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        _counts.Read(region, destination);
        var light = new float[ColumnCount];
        for (var i = 0; i < region.AngleCount; i++)
        {
            var weights = _weights.GetOrAdd(region.AngleStart + i, angle => _flats.WeightsOf(angle, _counts));
            for (var row = 0; row < region.RowCount; row++)
            {
                var line = destination.Slice(((i * region.RowCount) + row) * ColumnCount, ColumnCount);
                light.AsSpan().Clear();
                for (var k = 0; k < weights.Length; k++)
                {
                    AddFlat(light, _flats.Flats[k], weights[k], region.RowStart + row);
                }

                _field.ApplyRow(line, region.RowStart + row, light, weights.Sum());
            }
        }
    }

    private void AddFlat(float[] light, float[] flat, float weight, int row)
    {
        if (weight != 0)
        {
            var values = flat.AsSpan(row * ColumnCount, ColumnCount);
            for (var c = 0; c < light.Length; c++)
            {
                light[c] += weight * values[c];
            }
        }
    }
}
