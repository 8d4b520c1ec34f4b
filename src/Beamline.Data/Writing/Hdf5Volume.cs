using Beamline.Arrays;
using Beamline.Data.Hdf5;
using Beamline.Data.Scans;

namespace Beamline.Data.Writing;

/// <summary>Reads a volume from an HDF5 file, ours or another program's.</summary>
internal static class Hdf5Volume
{
    private const string DataExchange = "/exchange/data";
    private const string History = "/process/provenance";

    internal static Volume Open(string path)
    {
        using var file = Hdf5File.Open(path);
        var dataPath = file.Exists(DataExchange) ? DataExchange : OnlyStack(file);
        using var source = new Hdf5FrameSource(file.Numbers(dataPath));
        return VolumeFiles.ReadAll(source, Header(file, dataPath));
    }

    /// <summary>What a file says about one of its stacks.</summary>
    internal static VolumeHeader Header(Hdf5File file, string dataPath)
    {
        using var source = new Hdf5FrameSource(file.Numbers(dataPath));
        var attributes = file.Attributes(dataPath);
        return new VolumeHeader(source.FrameCount, source.RowCount, source.ColumnCount)
        {
            Quantity = new Quantity(attributes.GetValueOrDefault("description", ""), attributes.GetValueOrDefault("units", "")),
            VoxelSize = ReadVoxelSize(attributes),
            Provenance = file.Exists(History) ? VolumeHeader.ReadProvenance(file.ReadText(History)) : Provenance.None,
        };
    }

    private static string OnlyStack(Hdf5File file)
    {
        var stacks = file.Datasets.Where(d => d.Shape.Count == 3).ToList();
        return stacks.Count switch
        {
            1 => stacks[0].Path,
            0 => throw file.NotFound(DataExchange),
            _ => throw new DataFormatException(
                file.FilePath,
                $"several datasets could be the volume: {string.Join(", ", stacks)}. Read one with Hdf5File.Open(path).ReadFloats(dataset)."),
        };
    }

    private static VoxelSize? ReadVoxelSize(IReadOnlyDictionary<string, string> attributes)
    {
        if (!attributes.TryGetValue("voxel_size", out var text) || text.Split(", ") is not [var z, var y, var x])
        {
            return null;
        }

        var unit = attributes.GetValueOrDefault("voxel_size_units", "m");
        return Parse(z, unit) is { } sizeZ && Parse(y, unit) is { } sizeY && Parse(x, unit) is { } sizeX
            ? new VoxelSize(sizeZ, sizeY, sizeX)
            : null;
    }

    private static Length? Parse(string text, string unit) =>
        double.TryParse(text, out var value) ? Length.FromUnit(value, unit) : null;
}
