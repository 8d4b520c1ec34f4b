using PureHDF;

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

    public void Write(string path)
    {
        var exchange = new H5Group
        {
            [DataName] = Frames(AngleCount, (a, _, c) => 400 + (200 * MathF.Cos((c - 7.5f + a) / 5))),
            ["data_white"] = Frames(2, (_, _, _) => Flat),
            ["data_dark"] = Frames(2, (_, _, _) => Dark),
        };
        if (StoredAngles is { } count)
        {
            exchange["theta"] = Enumerable.Range(0, count).Select(i => i * 180.0 / count).ToArray();
        }

        new H5File { ["exchange"] = exchange }.Write(path);
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
