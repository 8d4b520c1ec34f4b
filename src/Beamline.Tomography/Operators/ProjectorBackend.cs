namespace Beamline.Tomography;

/// <summary>Which implementation of an operator runs. All give the same numbers.</summary>
public enum ProjectorBackend
{
    /// <summary>The fastest one for the device of the run context.</summary>
    Auto,

    /// <summary>The readable reference: double precision, one thread.</summary>
    Scalar,

    /// <summary>Vector instructions on all cores.</summary>
    Simd,

    /// <summary>GPU kernels by ILGPU; on ILGPU's slow simulator when the device is the CPU.</summary>
    Ilgpu,
}
