using PureHDF;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace Beamline.Cli.Tests;

/// <summary>A little Data Exchange file with one thing or another wrong: 8 angles of 4 rows x 16 columns.</summary>
internal sealed record ScanFile
{
    public const int Rows = 4;
    public const int Columns = 16;

    public int AngleCount { get; init; } = 8;

    /// <summary>Number of angles in the file; null leaves the dataset out.</summary>
    public int? StoredAngles { get; init; } = 8;

    public float Flat { get; init; } = 1000;

    public float Dark { get; init; } = 10;

    public string DataName { get; init; } = "data";

    /// <summary>Angle of a projection in degrees; null for equal steps over half a turn.</summary>
    public Func<int, double>? AngleOf { get; init; }

    /// <summary>Value of a pixel by projection, row and column; null for something smooth.</summary>
    public Func<int, int, int, float>? Pixel { get; init; }

    /// <summary>Whether the projections are 16-bit counts instead of floats.</summary>
    public bool Counts16 { get; init; }

    /// <summary>Whether the projections are compressed, a chunk for each.</summary>
    public bool Compressed { get; init; }

    public void Write(string path)
    {
        var data = Frames(AngleCount, Pixel ?? ((a, _, c) => 400 + (200 * MathF.Cos((c - 7.5f + a) / 5))));
        uint[]? chunks = Compressed ? [1, Rows, Columns] : null;
        var filters = new H5DatasetCreation(Filters: Compressed ? [DeflateFilter.Id] : []);
        var exchange = new H5Group
        {
            [DataName] = Counts16 ? new H5Dataset(Rounded(data), chunks: chunks, datasetCreation: filters) : new H5Dataset(data, chunks: chunks, datasetCreation: filters),
            ["data_white"] = Frames(2, (_, _, _) => Flat),
            ["data_dark"] = Frames(2, (_, _, _) => Dark),
        };
        if (StoredAngles is { } count)
        {
            exchange["theta"] = Enumerable.Range(0, count).Select(i => AngleOf?.Invoke(i) ?? (i * 180.0 / count)).ToArray();
        }

        new H5File { ["exchange"] = exchange }.Write(path);
    }

    private static ushort[,,] Rounded(float[,,] values)
    {
        var rounded = new ushort[values.GetLength(0), Rows, Columns];
        for (var i = 0; i < values.Length; i++)
        {
            var (a, r, c) = (i / (Rows * Columns), i / Columns % Rows, i % Columns);
            rounded[a, r, c] = (ushort)values[a, r, c];
        }

        return rounded;
    }

    private static float[,,] Frames(int count, Func<int, int, int, float> value)
    {
        var frames = new float[count, Rows, Columns];
        for (var a = 0; a < count; a++)
        {
            for (var r = 0; r < Rows; r++)
            {
                for (var c = 0; c < Columns; c++)
                {
                    frames[a, r, c] = value(a, r, c);
                }
            }
        }

        return frames;
    }
}
