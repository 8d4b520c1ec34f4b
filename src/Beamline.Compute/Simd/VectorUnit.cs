using System.Runtime.Intrinsics;

namespace Beamline.Compute.Simd;

/// <summary>What the vector units of this CPU offer.</summary>
internal static class VectorUnit
{
    /// <summary>True when 512-bit vectors are fast here. Set DOTNET_EnableAVX512=0 to try a machine without.</summary>
    internal static bool Has512 => Vector512.IsHardwareAccelerated;

    /// <summary>The vectors that stand for a choice: 32 floats (16 lanes of complex numbers) fill 512 bits, 16 floats 256 bits.</summary>
    internal static LaneVectors For(LaneVectors choice, int floatsPerElement) =>
        choice is LaneVectors.Widest or LaneVectors.Bits512 && floatsPerElement == 32 && Has512 ? LaneVectors.Bits512
        : choice == LaneVectors.Scalar ? LaneVectors.Scalar
        : LaneVectors.Bits256;

    /// <summary>A name for reports.</summary>
    internal static string Name => Has512 ? "AVX-512"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : Vector128.IsHardwareAccelerated ? "128-bit vectors" : "no vectors";
}
