using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>Shape and type of a dataset, in our words.</summary>
internal static class Hdf5Type
{
    internal static long[] Shape(NativeDataset dataset) =>
        dataset.Space.Type == H5DataspaceType.Simple ? Array.ConvertAll(dataset.Space.Dimensions, d => checked((long)d)) : [];

    /// <summary>Shape of a chunk; empty for a dataset without chunks (PureHDF throws when asked for those).</summary>
    internal static ulong[] ChunkShape(NativeDataset dataset) => dataset.Layout.Class == H5DataLayoutClass.Chunked
        ? Array.ConvertAll(dataset.Layout.Chunks![..dataset.Space.Rank], c => (ulong)c)
        : [];

    internal static string NameOf(NativeDataset dataset) => dataset.Type.Class switch
    {
        H5DataTypeClass.FixedPoint or H5DataTypeClass.FloatingPoint when TryGetElementType(dataset, out var type, out _)
            => type.ToString(),
        H5DataTypeClass.String => "string",
        // PureHDF files text of any length under variable length.
        H5DataTypeClass.VariableLength => "variable length",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>The number type, or why the numbers cannot be read.</summary>
    internal static bool TryGetElementType(NativeDataset dataset, out ElementType type, out string problem)
    {
        type = default;
        problem = "";
        var size = dataset.Type.Size;
        var stored = dataset.Type.Class;
        if (stored is not (H5DataTypeClass.FixedPoint or H5DataTypeClass.FloatingPoint))
        {
            problem = $"it holds {stored} values, not numbers";
            return false;
        }

        var (offset, precision, exponentBits) = PureHdfInternals.NumberLayout(dataset);
        var standard = offset == 0 && precision == size * 8;
        if (stored == H5DataTypeClass.FloatingPoint)
        {
            standard &= (size, exponentBits) is (2, 5) or (4, 8) or (8, 11);
        }
        else
        {
            standard &= size is 1 or 2 or 4 or 8;
        }

        if (!standard)
        {
            problem = $"its numbers have an unusual layout ({precision} of {size * 8} bits)";
            return false;
        }

        var kind = stored == H5DataTypeClass.FloatingPoint ? ElementKind.Float
            : dataset.Type.FixedPoint.IsSigned ? ElementKind.Signed : ElementKind.Unsigned;
        type = new ElementType(kind, size, size > 1 && PureHdfInternals.IsBigEndian(dataset));
        return true;
    }
}
