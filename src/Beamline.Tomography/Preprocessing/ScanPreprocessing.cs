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
    /// <summary>Members of a scan.</summary>
    /// <param name="scan">The scan.</param>
    extension(TomographyScan scan)
    {
        /// <summary>
        /// Flat-field correction: (counts - dark) / (flat - dark) with the mean of the dark frames; 1 is air.
        /// </summary>
        /// <remarks>
        /// Single pixels whose flat is not brighter than their dark take the value between their neighbors in the row, with
        /// a warning. A scan without dark frames is corrected without an offset, with a warning.
        /// </remarks>
        /// <param name="options">Which flat each projection is divided by; null takes the mean of all flats.</param>
        /// <returns>Transmissions [angle, row, column], lazy; the scan must stay open.</returns>
        /// <exception cref="ArgumentException">The options do not fit the flats or the detector.</exception>
        /// <exception cref="InvalidDataException">There are no flats, or more than 2 % of their pixels are unusable.</exception>
        public ProjectionStack Normalize(NormalizeOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(scan);
            options ??= new NormalizeOptions();
            var flats = scan.Flats ?? throw new InvalidDataException(
                $"{scan.Source}: the scan has no flat frames, so there is nothing to normalize by. Name them in ScanOptions " +
                "(FlatPath or FlatFiles). If the projections are normalized already, use scan.Frames.");
            var flat = options.Flat == FlatMethod.Median ? ReferenceAverages.Median(flats) : ReferenceAverages.Mean(flats);
            float[] dark;
            if (scan.Darks is { } darks)
            {
                dark = ReferenceAverages.Mean(darks);
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
                ("flats", $"{Parameters(options)} of {flats.FrameCount}"),
                ("darks", scan.Darks is { } d ? $"mean of {d.FrameCount}" : "none"));
            Saturation.Warn(scan, flat);
            return Mixture(flats, field, scan.Frames, options) is { } mixture
                ? new MixedFlatStack(scan.Frames, mixture, field, provenance)
                : new NormalizedStack(scan.Frames, field, provenance);
        }
    }

    private static FlatMixture? Mixture(ReferenceFrames flats, FlatField field, ProjectionStack frames, NormalizeOptions options)
    {
        if (options.Flat is FlatMethod.Mean or FlatMethod.Median)
        {
            return null;
        }

        if (flats.FrameCount == 1)
        {
            RunContext.Current.Warning?.Invoke("There is only one flat, so it serves all projections.");
            return options.Flat == FlatMethod.Weighted ? Weighted(flats, field, options) : null;
        }

        return options.Flat == FlatMethod.Weighted
            ? Weighted(flats, field, options)
            : TimedFlats.Make(flats, options.FlatPositions, frames.AngleCount);
    }

    private static AirWeightedFlats Weighted(ReferenceFrames flats, FlatField field, NormalizeOptions options)
    {
        var (dark, bad) = field.Parts();
        var each = ReferenceAverages.Groups(flats, [.. Enumerable.Range(0, flats.FrameCount).Select(i => new[] { i })]);
        return new AirWeightedFlats(each, dark, bad, flats.RowCount, flats.ColumnCount, options);
    }

    private static string Parameters(NormalizeOptions options) => options.Flat.ToString().ToLowerInvariant();
}
