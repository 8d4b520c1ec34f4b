using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Remote;

/// <summary>Projection stacks of all kinds: their values as a file [angle, row, column], computed slab by slab while it is written; they arrive as stacks in memory.</summary>
internal sealed class StackCodec : IValueCodec
{
    private const int SlabBytes = 16 << 20;

    private const int LargestSlabBytes = 256 << 20;

    public string Name => "stack";

    public bool Accepts(Type type) => typeof(ProjectionStack).IsAssignableFrom(type);

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var stack = (ProjectionStack)value;
        var content = stack is MemoryProjectionStack { Memory: var memory }
            ? Floats.Content(memory, stack.AngleCount, stack.RowCount, stack.ColumnCount)
            : NpyFile.Content(Floats.DType, [stack.AngleCount, stack.RowCount, stack.ColumnCount], stack.ByteLength, stream => WriteSlabs(stack, stream)) with { IsCostly = true };
        return new JsonObject
        {
            ["array"] = writer.Add(content),
            ["angles"] = writer.Write(stack.AnglesDegrees.ToArray(), typeof(double[])),
            ["pixelSize"] = writer.Write(stack.PixelSize, typeof(Length?)),
            ["quantity"] = writer.Write(stack.Quantity, typeof(Quantity)),
            ["provenance"] = writer.Write(stack.Provenance, typeof(Provenance)),
        };
    }

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        if (!type.IsAssignableFrom(typeof(MemoryProjectionStack)))
        {
            throw new EndpointException($"a stack arrives as MemoryProjectionStack, and {TypeText.Of(type)} is wanted: declare the variable as ProjectionStack");
        }

        var angles = (double[])reader.Read(json.GetProperty("angles"), typeof(double[]))!;
        var pixelSize = (Length?)reader.Read(json.GetProperty("pixelSize"), typeof(Length?));
        var quantity = (Quantity)reader.Read(json.GetProperty("quantity"), typeof(Quantity))!;
        var provenance = (Provenance?)reader.Read(json.GetProperty("provenance"), typeof(Provenance)) ?? Provenance.None;
        var (memory, shape) = Floats.Memory(reader, json.GetProperty("array"), 3);
        try
        {
            return shape[0] != angles.Length
                ? throw new EndpointException($"a stack of {shape[0]} projections arrived with {angles.Length} angles")
                : new MemoryProjectionStack(angles, Floats.Count(shape[1]), Floats.Count(shape[2]), memory)
                {
                    PixelSize = pixelSize, Quantity = quantity, Provenance = provenance,
                };
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Whole blocks of the source at a time, as far as they fit: whoever asks for a part of a block pays for all of it.</summary>
    private static void WriteSlabs(ProjectionStack stack, Stream stream)
    {
        var frame = (long)stack.RowCount * stack.ColumnCount;
        var (fitting, block) = (Math.Max(1, SlabBytes / (frame * sizeof(float))), Math.Max(1, stack.UnpackedTogether.Angles));
        var wanted = fitting >= block ? fitting / block * block : block * frame * sizeof(float) <= LargestSlabBytes ? block : fitting;
        var angles = (int)Math.Min(stack.AngleCount, wanted);
        var slab = new float[checked(angles * frame)];
        for (var first = 0; first < stack.AngleCount; first += angles)
        {
            var count = Math.Min(angles, stack.AngleCount - first);
            var values = slab.AsSpan(0, (int)(count * frame));
            stack.Read(new StackRegion(first, count, 0, stack.RowCount), values);
            stream.Write(MemoryMarshal.AsBytes(values));
        }
    }
}
