using System.Text.Json.Nodes;
using Beamline.Arrays;
using Beamline.Data.Writing;

namespace Beamline.Data.Zarr;

/// <summary>Reads a volume [z, y, x] from a Zarr store: the full resolution of an OME-NGFF image, or the only array.</summary>
internal static class ZarrVolume
{
    internal static Volume Open(string path)
    {
        using var source = ZarrFrameSource.Of(ZarrStore.Find(path), missingIsError: false);
        var header = new VolumeHeader(source.FrameCount, source.RowCount, source.ColumnCount) { VoxelSize = VoxelSizeOf(path) };
        return VolumeFiles.ReadAll(source, header.WithJson(ZarrStore.Attributes(path)["beamline"]?.ToJsonString()));
    }

    private static VoxelSize? VoxelSizeOf(string path)
    {
        var image = ZarrStore.Multiscale(path);
        var transforms = image?["datasets"]?[0]?["coordinateTransformations"] as JsonArray;
        var scale = transforms?.FirstOrDefault(t => (string?)t?["type"] == "scale")?["scale"] as JsonArray;
        if (scale is not { Count: 3 } || image!["axes"] is not JsonArray { Count: 3 } axes)
        {
            return null;
        }

        var sizes = Enumerable.Range(0, 3).Select(i => (string?)axes[i]?["unit"] is { } unit ? Length.FromUnit((double)scale[i]!, unit) : null).ToArray();
        return sizes is [{ } z, { } y, { } x] && z.Meters > 0 && y.Meters > 0 && x.Meters > 0 ? new VoxelSize(z, y, x) : null;
    }
}
