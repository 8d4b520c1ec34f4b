namespace Beamline.Compute.Simd;

/// <summary>Which vectors a computation on interleaved lanes uses. Tests ask for one; everything else takes the widest.</summary>
internal enum LaneVectors
{
    /// <summary>The widest that the processor has and the lanes fill.</summary>
    Widest,

    /// <summary>16 floats.</summary>
    Bits512,

    /// <summary>8 floats.</summary>
    Bits256,

    /// <summary>One float at a time.</summary>
    Scalar,
}
