using System.Numerics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Operators;
using MathNet.Numerics.IntegralTransforms;
using Scaling = MathNet.Numerics.IntegralTransforms.FourierOptions;

namespace Beamline.Tomography.Center;

/// <summary>
/// Reconstructs one sinogram with many candidate axes at once: each lane of the backprojection is one candidate.
/// </summary>
/// <remarks>
/// A candidate is the filtered row moved by its column. The move is a phase in the filter's own FFT, so a candidate between
/// columns is no smoother than one on a column; a linear interpolation would be, and every score would favor whole columns.
/// </remarks>
internal sealed class CandidateSlices : IDisposable
{
    private const int Lanes = 16;
    private readonly Sinogram _sinogram;
    private readonly RunContext _context;
    private readonly int _length;
    private readonly float[] _response;
    private readonly ParallelProjector _projector;
    private readonly RayTable _weights;
    private readonly InterleavedSlab _rows;
    private readonly InterleavedSlab _band;

    internal CandidateSlices(Sinogram sinogram, int imageSize, RunContext context)
    {
        (_sinogram, ImageSize, _context) = (sinogram, imageSize, context);
        _length = SinogramFilter.PaddedLength(sinogram.ColumnCount, SinogramPadding.Edge);
        // Hann: noise and the ends of a moved row must not decide.
        _response = FilterResponse.Make(_length, new FbpOptions { Filter = FbpFilter.Hann });
        // Only the circle in the slice is looked at: its rays fit in as many columns, and one beside it.
        Width = imageSize + 2;
        var geometry = new ParallelGeometry(sinogram.AnglesDegrees, Width, RotationAxis.Middle(Width), imageSize);
        _projector = new ParallelProjector(geometry);
        _weights = RayTable.Interpolating(sinogram.AnglesDegrees, AngularWeights.Compute(sinogram.AnglesDegrees));
        _rows = _projector.Range.Allocate(Lanes);
        _band = new InterleavedSlab(imageSize, imageSize, Lanes, SlabShape.Pad);
    }

    internal int ImageSize { get; }

    private int Width { get; }

    /// <summary>Reconstructs each candidate and hands its values [y, x] over, several at the same time; zero outside the circle.</summary>
    internal void Each(double[] columns, Action<int, float[]> use)
    {
        for (var first = 0; first < columns.Length; first += Lanes)
        {
            var start = first;
            var batch = columns.AsSpan(first, Math.Min(Lanes, columns.Length - first)).ToArray();
            _context.Report("Candidate axes", (double)first / columns.Length, $"columns {batch[0]:0.##} to {batch[^1]:0.##}");
            ParallelWork.For(_sinogram.AngleCount, _context, angle => SetRow(angle, batch));
            _projector.BackprojectBand(_rows, _weights, _band, 0);
            ParallelWork.For(batch.Length, _context, lane => use(start + lane, Slice(lane)));
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _band.Dispose();
        _weights.Dispose();
        _projector.Dispose();
    }

    private void SetRow(int angle, double[] batch)
    {
        var spectrum = FilteredSpectrum(_sinogram.Row(angle));
        // Detector coordinate of the first column of a lane, and the moves below a column that the batch needs.
        var starts = batch.Select(c => c - ((Width - 1) / 2.0)).ToArray();
        var moves = starts.Select(s => Math.Round(s - Math.Floor(s), 6)).Distinct().ToArray();
        var values = new float[Width];
        for (var m = 0; m < moves.Length; m += 2)
        {
            // Both results are real: they share an inverse FFT.
            var pair = Moved(spectrum, moves[m], moves[Math.Min(m + 1, moves.Length - 1)]);
            for (var lane = 0; lane < batch.Length; lane++)
            {
                var which = Array.IndexOf(moves, Math.Round(starts[lane] - Math.Floor(starts[lane]), 6)) - m;
                if (which is not (0 or 1))
                {
                    continue;
                }

                var from = (int)Math.Floor(starts[lane]);
                for (var x = 0; x < Width; x++)
                {
                    var value = pair[(from + x) & (_length - 1)];
                    values[x] = (float)(which == 0 ? value.Real : value.Imaginary);
                }

                _rows.SetRow(angle, lane, values);
            }
        }
    }

    private Complex[] FilteredSpectrum(ReadOnlySpan<float> row)
    {
        var signal = new Complex[_length];
        var columns = row.Length;
        var half = columns + ((_length - columns) / 2);
        for (var x = 0; x < _length; x++)
        {
            // A sample wider than the detector goes on beside it; half of the padding belongs to each edge.
            var value = row[x < columns ? x : x < half ? columns - 1 : 0];
            signal[x] = float.IsFinite(value) ? value : 0;
        }

        Fourier.Forward(signal, Scaling.NoScaling);
        for (var k = 0; k < _length; k++)
        {
            signal[k] *= _response[k] / _length;
        }

        return signal;
    }

    private Complex[] Moved(Complex[] spectrum, double first, double second)
    {
        var moved = new Complex[_length];
        for (var k = 0; k < _length; k++)
        {
            var frequency = 2 * Math.PI * (k <= _length / 2 ? k : k - _length) / _length;
            // The Nyquist frequency has no sign: its phase is left alone, or the results would not be real.
            var phase = k == _length / 2 ? 0 : frequency;
            moved[k] = spectrum[k] * (Complex.FromPolarCoordinates(1, phase * first) +
                (Complex.ImaginaryOne * Complex.FromPolarCoordinates(1, phase * second)));
        }

        Fourier.Inverse(moved, Scaling.NoScaling);
        return moved;
    }

    private float[] Slice(int lane)
    {
        var values = new float[ImageSize * ImageSize];
        var middle = (ImageSize - 1) / 2.0;
        for (var y = 0; y < ImageSize; y++)
        {
            var row = values.AsSpan(y * ImageSize, ImageSize);
            _band.GetRow(y, lane, row);
            var half = Math.Sqrt(Math.Max(0, (middle * middle) - ((y - middle) * (y - middle))));
            row[..(int)Math.Ceiling(middle - half)].Clear();
            row[Math.Min(ImageSize, (int)Math.Floor(middle + half) + 1)..].Clear();
        }

        return values;
    }
}
