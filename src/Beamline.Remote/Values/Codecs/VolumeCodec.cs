using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Remote;

/// <summary>Volumes: their values as a file [z, y, x], the rest beside it.</summary>
internal sealed class VolumeCodec : IValueCodec
{
    public string Name => "volume";

    public bool Accepts(Type type) => type == typeof(Volume);

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var volume = (Volume)value;
        return new JsonObject
        {
            ["array"] = writer.Add(Floats.Content(volume.Memory, volume.SliceCount, volume.RowCount, volume.ColumnCount)),
            ["voxelSize"] = writer.Write(volume.VoxelSize, typeof(VoxelSize?)),
            ["quantity"] = writer.Write(volume.Quantity, typeof(Quantity)),
            ["provenance"] = writer.Write(volume.Provenance, typeof(Provenance)),
            ["timing"] = writer.Write(volume.Timing, typeof(RunTiming)),
        };
    }

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        var voxelSize = (VoxelSize?)reader.Read(json.GetProperty("voxelSize"), typeof(VoxelSize?));
        var quantity = (Quantity)reader.Read(json.GetProperty("quantity"), typeof(Quantity))!;
        var provenance = (Provenance?)reader.Read(json.GetProperty("provenance"), typeof(Provenance)) ?? Provenance.None;
        var timing = (RunTiming?)reader.Read(json.GetProperty("timing"), typeof(RunTiming));
        // Last, because nothing after it may fail: it is memory that somebody must give back.
        var (memory, shape) = Floats.Memory(reader, json.GetProperty("array"), 3);
        return new Volume(Floats.Count(shape[0]), Floats.Count(shape[1]), Floats.Count(shape[2]), memory)
        {
            VoxelSize = voxelSize, Quantity = quantity, Provenance = provenance, Timing = timing,
        };
    }
}
