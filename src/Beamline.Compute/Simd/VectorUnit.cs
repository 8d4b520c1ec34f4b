using System.Runtime.Intrinsics;

namespace Beamline.Compute.Simd;

/// <summary>What the vector units of this CPU offer.</summary>
internal static class VectorUnit
{
    /// <summary>True when 512-bit vectors are fast here. Set DOTNET_EnableAVX512=0 to try a machine without.</summary>
    internal static bool Has512 => Vector512.IsHardwareAccelerated;

    /// <summary>A name for reports.</summary>
    internal static string Name => Has512 ? "AVX-512"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : Vector128.IsHardwareAccelerated ? "128-bit vectors" : "no vectors";
}
