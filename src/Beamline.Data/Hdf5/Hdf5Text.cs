using System.Globalization;
using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>Puts small attributes and datasets in words.</summary>
internal static class Hdf5Text
{
    private const ulong MostValues = 16;

    /// <summary>Text of an attribute; null for types that have no short text.</summary>
    internal static string? Of(IH5Attribute attribute)
    {
        if (Count(attribute.Space) is not { } count || count > MostValues)
        {
            return null;
        }

        return Try(attribute.Name, attribute.Type, () => attribute.Read<string[]>(), () => attribute.Read<string>(), kind => kind switch
        {
            "u1" => Join(attribute.Read<byte[]>()), "i1" => Join(attribute.Read<sbyte[]>()),
            "u2" => Join(attribute.Read<ushort[]>()), "i2" => Join(attribute.Read<short[]>()),
            "u4" => Join(attribute.Read<uint[]>()), "i4" => Join(attribute.Read<int[]>()),
            "u8" => Join(attribute.Read<ulong[]>()), "i8" => Join(attribute.Read<long[]>()),
            "f2" => Join(attribute.Read<Half[]>()), "f4" => Join(attribute.Read<float[]>()),
            "f8" => Join(attribute.Read<double[]>()), _ => null,
        }, attribute.Space.Type == H5DataspaceType.Scalar);
    }

    /// <summary>Text of a string dataset; null for other types.</summary>
    internal static string? Of(NativeDataset dataset)
    {
        if (Count(dataset.Space) is not { } count || count > MostValues || !IsText(dataset.Type))
        {
            return null;
        }

        return Try("", dataset.Type, () => dataset.Read<string[]>(), () => dataset.Read<string>(), _ => null,
            dataset.Space.Type == H5DataspaceType.Scalar);
    }

    internal static bool IsText(IH5DataType type) =>
        type.Class is H5DataTypeClass.String or H5DataTypeClass.VariableLength;

    private static string? Try(
        string name, IH5DataType type, Func<string[]> texts, Func<string> text, Func<string, string?> numbers, bool scalar)
    {
        try
        {
            if (IsText(type))
            {
                return scalar ? Trim(text()) : string.Join(", ", texts().Select(Trim));
            }

            return type.Class switch
            {
                H5DataTypeClass.FixedPoint => numbers((type.FixedPoint.IsSigned ? "i" : "u") + type.Size),
                H5DataTypeClass.FloatingPoint => numbers("f" + type.Size),
                _ => null,
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Metadata is for reading by people: one field that PureHDF cannot decode must not keep a scan from opening,
            // but it must not vanish either.
            return $"(unreadable{(name.Length > 0 ? " attribute" : "")}: {e.Message})";
        }
    }

    private static string Trim(string? text) => (text ?? "").TrimEnd('\0', ' ');

    private static string Join<T>(T[] values)
        where T : IFormattable => string.Join(", ", values.Select(v => v.ToString(null, CultureInfo.InvariantCulture)));

    private static ulong? Count(IH5Dataspace space) => space.Type switch
    {
        H5DataspaceType.Scalar => 1,
        H5DataspaceType.Simple => space.Dimensions.Aggregate(1UL, (a, b) => a * b),
        _ => null,
    };
}
