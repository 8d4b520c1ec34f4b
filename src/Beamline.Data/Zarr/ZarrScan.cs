using System.Text.Json.Nodes;
using Beamline.Data.Scans;

namespace Beamline.Data.Zarr;

/// <summary>Scans in Zarr stores: an array [angle, row, column], with flats, darks and angles under the names of Data Exchange or of the options.</summary>
internal static class ZarrScan
{
    private const string Exchange = "exchange/";

    internal static ScanParts Open(string path, ScanOptions options)
    {
        var data = options.DataPath ?? (ZarrStore.Inside(path, Exchange + "data") is null ? null : Exchange + "data");
        var frames = ZarrFrameSource.Of(ZarrStore.Find(path, data), missingIsError: true);
        var theta = options.AnglePath ?? Exchange + "theta";
        return ImageScan.Assemble(path, frames, options, new FileFacts
        {
            AnglesDegrees = ZarrStore.Inside(path, theta) is { } list ? Angles(list, options) : null,
            Flats = References(path, options.FlatPath, "data_white"),
            Darks = References(path, options.DarkPath, "data_dark"),
            NoAngles = $"the store holds no array {theta}",
        });
    }

    private static ZarrFrameSource? References(string path, string? given, string usual) => given is not null
        ? ZarrFrameSource.Of(ZarrStore.Find(path, given), missingIsError: true)
        : ZarrStore.Inside(path, Exchange + usual) is { } found ? ZarrFrameSource.Of(found, missingIsError: true) : null;

    private static double[] Angles(ZarrArray list, ScanOptions options)
    {
        if (list.Shape.Length != 1)
        {
            throw new DataFormatException(list.Folder, $"{list} is no list of angles: it needs one axis.");
        }

        var values = new double[list.Shape[0]];
        for (long chunk = 0; chunk * list.Chunks[0] < values.Length; chunk++)
        {
            var first = (int)(chunk * list.Chunks[0]);
            var count = Math.Min(list.Chunks[0], values.Length - first);
            if (!list.TryReadChunk([chunk], out var bytes))
            {
                throw new DataFormatException(list.Folder, $"the chunk {list.ChunkName([chunk])} of the angles is missing. Copy the store again.");
            }

            NumberConversion.ToDoubles(bytes.AsSpan(0, count * list.Type.Size), list.Type, values.AsSpan(first, count));
        }

        var unit = ZarrStore.Attributes(list.Folder)["units"] is JsonValue said ? said.ToString() : "";
        var radians = options.AngleUnit is { } asked ? asked == AngleUnit.Radians : unit.StartsWith("rad", StringComparison.OrdinalIgnoreCase);
        return radians ? Array.ConvertAll(values, a => a * (180 / Math.PI)) : values;
    }
}
