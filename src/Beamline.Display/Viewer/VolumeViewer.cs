using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>The viewer of a volume, or of two volumes of one shape.</summary>
internal static class VolumeViewer
{
    public static ViewerPayload Write(
        IReadOnlyList<(string Name, Volume Volume)> volumes, string text, ValueRange range, ViewOptions options, int[] at)
    {
        var first = volumes[0].Volume;
        int[] shape = [first.SliceCount, first.RowCount, first.ColumnCount];
        // Noise packs badly: coarser until it fits.
        for (var edge = Preview.VolumeEdge; ; edge = edge * 3 / 4)
        {
            var parts = volumes.Select(v => ViewerPart.Narrow(Bin(v.Volume, shape, edge), v.Name)).ToArray();
            if (edge <= 24 || parts.Sum(p => (long)p["bytes"]!.GetValue<string>().Length) <= ViewerPayload.Budget)
            {
                var size = first.VoxelSize;
                return ViewerPayload.Write(
                    "volume", text, [ViewerAxis.Even("z", size?.Z), ViewerAxis.Even("y", size?.Y), ViewerAxis.Even("x", size?.X)],
                    first.Quantity, [.. parts], range, options, at, LiveArrays.Add([.. volumes.Select(v => v.Volume)]),
                    ModeOf(options.Mode));
            }
        }
    }

    // As the viewer's shader counts them.
    private static int? ModeOf(ViewMode mode) => mode switch
    {
        ViewMode.Mip => 0,
        ViewMode.Iso => 1,
        ViewMode.Dvr => 2,
        _ => null,
    };

    private static Preview Bin(Volume volume, int[] shape, int edge)
    {
        // A mapped file is far slower to read in many places.
        var limit = volume.Memory.Kind == MemoryKind.Mapped ? (long)VolumePlanes.RowLimit / 2 * volume.ColumnCount : PreviewBinning.ValueLimit;
        using var scattered = volume.Memory.ScatteredReads();
        return PreviewBinning.Make(shape, [.. shape.Select(n => Preview.Step(n, edge))], limit, new PagedRows(volume).Row);
    }
}
