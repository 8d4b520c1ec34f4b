using System.Numerics;

namespace Beamline.Remote;

/// <summary>Makes arrays of a type that is known at run time only.</summary>
internal static class ArrayMaker
{
    /// <summary>An array of a shape. Its elements are to be written before anybody reads them.</summary>
    public static Array Make(Type element, IReadOnlyList<long> shape)
    {
        if (shape.Count != 1)
        {
            return Array.CreateInstance(element, [.. shape]);
        }

        var length = checked((int)shape[0]);
        // Zeros that are written over at once cost as much as the reading.
        return Type.GetTypeCode(element) switch
        {
            TypeCode.Single => GC.AllocateUninitializedArray<float>(length),
            TypeCode.Double => GC.AllocateUninitializedArray<double>(length),
            TypeCode.Byte when !element.IsEnum => GC.AllocateUninitializedArray<byte>(length),
            TypeCode.UInt16 when !element.IsEnum => GC.AllocateUninitializedArray<ushort>(length),
            TypeCode.Int32 when !element.IsEnum => GC.AllocateUninitializedArray<int>(length),
            _ when element == typeof(Complex) => GC.AllocateUninitializedArray<Complex>(length),
            _ => Array.CreateInstance(element, length),
        };
    }
}
