using PureHDF;
using PureHDF.Filters;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Beamline.Benchmarks;

/// <summary>A large scan with flats and darks, written quickly: three discs whose strength changes from row to row, without noise.</summary>
internal static class BenchScan
{
    private const double Counts = 20000;
    private const double Dark = 100;

    /// <summary>Writes size projections of rows x size as 16-bit counts in the manner of Data Exchange.</summary>
    /// <param name="path">The file to make.</param>
    /// <param name="size">Number of projections, and of columns.</param>
    /// <param name="rows">Number of detector rows.</param>
    /// <param name="isCompressed">A chunk for each frame, shuffled and deflated, and with noise in the lower bits, as detectors have it.</param>
    internal static void Write(string path, int size, int rows, bool isCompressed = false)
    {
        var data = Dataset(size, rows, size, isCompressed);
        var (white, dark) = (Dataset(2, rows, size, isCompressed), Dataset(2, rows, size, isCompressed));
        double[] angles = [.. Enumerable.Range(0, size).Select(i => 180.0 * i / size)];
        var file = new H5File
        {
            ["exchange"] = new H5Group
            {
                ["data"] = data, ["data_white"] = white, ["data_dark"] = dark,
                ["theta"] = new H5Dataset(angles) { Attributes = new() { ["units"] = "degrees" } },
            },
        };
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        using var writer = file.BeginWrite(stream);
        var frame = new ushort[rows * size];
        var line = new double[size];
        var noise = 1u;
        for (var i = 0; i < size; i++)
        {
            var (sin, cos) = Math.SinCos(angles[i] * Math.PI / 180);
            for (var c = 0; c < size; c++)
            {
                var t = (c - ((size - 1) / 2.0)) / (size / 2.0);
                line[c] = Chord(t, 0.8, 1) + Chord(t - (0.3 * cos) + (0.2 * sin), 0.2, 1.5) + Chord(t + (0.35 * cos) - (0.1 * sin), 0.1, -0.8);
            }

            for (var row = 0; row < rows; row++)
            {
                var strength = 1 - (0.5 * row / rows);
                for (var c = 0; c < size; c++)
                {
                    frame[(row * size) + c] = (ushort)(Dark + (Counts * Math.Exp(-strength * line[c])));
                    if (isCompressed)
                    {
                        noise = (noise * 1664525) + 1013904223;
                        frame[(row * size) + c] += (ushort)(noise >> 26);
                    }
                }
            }

            Put(writer, data, i, frame, rows, size);
        }

        for (var i = 0; i < 2; i++)
        {
            Array.Fill(frame, (ushort)(Dark + Counts));
            Put(writer, white, i, frame, rows, size);
            Array.Fill(frame, (ushort)Dark);
            Put(writer, dark, i, frame, rows, size);
        }
    }

    private static double Chord(double t, double radius, double value) => Math.Abs(t) < radius ? value * Math.Sqrt((radius * radius) - (t * t)) : 0;

    private static H5Dataset<ushort[]> Dataset(int count, int rows, int size, bool isCompressed)
    {
        ulong[] shape = [(ulong)count, (ulong)rows, (ulong)size];
        return isCompressed
            ? new(shape, chunks: [1, (uint)rows, (uint)size], datasetCreation: new H5DatasetCreation(Filters: [ShuffleFilter.Id, DeflateFilter.Id]))
            : new(fileDims: shape);
    }

    private static void Put(H5NativeWriter writer, H5Dataset<ushort[]> dataset, int index, ushort[] frame, int rows, int size) =>
        writer.Write(dataset, frame, fileSelection: new HyperslabSelection(3, [(ulong)index, 0, 0], [1, (ulong)rows, (ulong)size]));
}
