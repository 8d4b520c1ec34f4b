using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>
/// From detector counts to transmissions: <c>scan.Normalize()</c>.
/// </summary>
public static class ScanPreprocessing
{
    private const long BlockBytes = 64L << 20;

    /// <summary>Members of a scan.</summary>
    /// <param name="scan">The scan.</param>
    extension(TomographyScan scan)
    {
        /// <summary>
        /// Flat-field correction: (counts - dark) / (flat - dark) with the means of the flat and dark frames; 1 is air.
        /// </summary>
        /// <remarks>
        /// Single pixels whose flat is not brighter than their dark take the value between their neighbors in the row, with
        /// a warning. A scan without dark frames is corrected without an offset, with a warning.
        /// </remarks>
        /// <returns>Transmissions [angle, row, column], lazy; the scan must stay open.</returns>
        /// <exception cref="InvalidDataException">There are no flats, or more than 2 % of their pixels are unusable.</exception>
        public ProjectionStack Normalize()
        {
            ArgumentNullException.ThrowIfNull(scan);
            var flats = scan.Flats ?? throw new InvalidDataException(
                $"{scan.Source}: the scan has no flat frames, so there is nothing to normalize by. Name them in ScanOptions " +
                "(FlatPath or FlatFiles). If the projections are normalized already, use scan.Frames.");
            var flat = Mean(flats);
            float[] dark;
            if (scan.Darks is { } darks)
            {
                dark = Mean(darks);
            }
            else
            {
                dark = new float[flat.Length];
                RunContext.Current.Warning?.Invoke(
                    $"{scan.Source}: the scan has no dark frames; the camera's offset stays in the projections.");
            }

            FlatField field;
            try
            {
                field = FlatField.Create(flats.RowCount, flats.ColumnCount, flat, dark);
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException($"{scan.Source}: {e.Message}", e);
            }

            if (field.BadPixelCount > 0)
            {
                RunContext.Current.Warning?.Invoke(
                    $"{scan.Source}: {field.BadPixelCount} detector pixels are not brighter in the flats than in the darks; they take " +
                    "the values of their neighbors.");
            }

            var provenance = scan.Provenance.Then(
                "normalize",
                ("flats", $"mean of {flats.FrameCount}"),
                ("darks", scan.Darks is { } d ? $"mean of {d.FrameCount}" : "none"));
            return new NormalizedStack(scan.Frames, field, provenance);
        }
    }

    /// <summary>Mean over frames, some rows at a time.</summary>
    private static float[] Mean(ReferenceFrames frames)
    {
        var mean = new float[frames.RowCount * frames.ColumnCount];
        var rowValues = (long)frames.FrameCount * frames.ColumnCount;
        var rows = (int)Math.Clamp(BlockBytes / (rowValues * sizeof(float)), 1, frames.RowCount);
        var block = new float[rows * rowValues];
        for (var first = 0; first < frames.RowCount; first += rows)
        {
            var count = Math.Min(rows, frames.RowCount - first);
            frames.Read(first, count, block);
            var size = count * frames.ColumnCount;
            for (var i = 0; i < size; i++)
            {
                double sum = 0;
                for (var f = 0; f < frames.FrameCount; f++)
                {
                    sum += block[(f * size) + i];
                }

                mean[(first * frames.ColumnCount) + i] = (float)(sum / frames.FrameCount);
            }
        }

        return mean;
    }
}
