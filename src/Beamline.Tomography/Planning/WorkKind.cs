namespace Beamline.Tomography.Planning;

/// <summary>
/// One kind of work that reconstructions are made of, and how quickly this machine does it. A method says how many units of which
/// kinds it will do (<see cref="MethodWork"/>); a kind that no method had before is one more line here and its measurement in
/// <see cref="WorkProbes"/>.
/// </summary>
/// <param name="Name">A name that stays the same: measured rates are stored under it.</param>
/// <param name="Typical">Units a second and thread of a machine like any other: for runs too short to measure anything first.</param>
/// <param name="Measure">Units a second with the threads of the scale; some tens of milliseconds. Null: the rate is always <paramref name="Typical"/>.</param>
internal sealed record WorkKind(string Name, double Typical, Func<WorkScale, double>? Measure)
{
    /// <summary>Seconds that were measured or known otherwise.</summary>
    internal static readonly WorkKind Seconds = new("seconds", 1, null);

    /// <summary>Pixels x angles x slices of a backprojection with linear interpolation, Joseph's transpose included.</summary>
    internal static readonly WorkKind Backproject = new("backproject", 8e9, WorkProbes.Backproject);

    /// <summary>Pixels x angles x slices of Joseph's forward projection.</summary>
    internal static readonly WorkKind Forward = new("forward", 5e9, WorkProbes.Forward);

    /// <summary>A projection row of a Fourier reconstruction, in <see cref="TransformProbes.FourierRowUnits"/>.</summary>
    internal static readonly WorkKind FourierRows = new("fourier rows", 1.5e9, TransformProbes.FourierRows);

    /// <summary>The grid of a slice of a Fourier reconstruction, in <see cref="TransformProbes.FourierGridUnits"/>.</summary>
    internal static readonly WorkKind FourierGrids = new("fourier grids", 3e9, TransformProbes.FourierGrids);

    /// <summary>A slice of a log-polar reconstruction, in <see cref="TransformProbes.LogPolarUnits"/>.</summary>
    internal static readonly WorkKind LogPolar = new("log-polar", 2e9, TransformProbes.LogPolar);

    // Units a second and core for slices, upright, leaning and free poses.
    private static readonly WorkKind[] ViewBackprojects = Poses("view backproject", [3e9, 1.4e9, 1.3e9, 0.8e9], GeometryProbes.ViewBackproject);
    private static readonly WorkKind[] RayForwards = Poses("ray forward", [1.2e9, 0.9e9, 0.4e9, 2e7], GeometryProbes.Forward);
    private static readonly WorkKind[] RayAdjoints = Poses("ray adjoint", [1.9e9, 0.7e9, 0.7e9, 2e7], GeometryProbes.Adjoint);

    /// <summary>Voxels x views of a filtered backprojection by views.</summary>
    internal static WorkKind ViewBackproject(RayPose pose) => ViewBackprojects[(int)pose];

    /// <summary>Rays x pixels of an edge of Joseph's projection of any geometry.</summary>
    internal static WorkKind RayForward(RayPose pose) => RayForwards[(int)pose];

    /// <summary>The same of its transpose.</summary>
    internal static WorkKind RayAdjoint(RayPose pose) => RayAdjoints[(int)pose];

    /// <summary>n log2 n of a real row, n its padded length, filtered by a transform there and back.</summary>
    internal static readonly WorkKind Filter = new("filter", 4e9, WorkProbes.Filter);

    /// <summary>Bytes brought into a slab's order of slices, or out of it.</summary>
    internal static readonly WorkKind Interleave = new("interleave", 2e9, WorkProbes.Interleave);

    /// <summary>Values of one pass over slabs: sums, steps, bounds.</summary>
    internal static readonly WorkKind Pass = new("pass", 7e8, WorkProbes.Pass);

    /// <summary>Values of one walk over pixels and their neighbors: total variation.</summary>
    internal static readonly WorkKind Stencil = new("stencil", 4e8, WorkProbes.Stencil);

    /// <summary>Bytes of fresh memory: the operating system hands out pages of zeros.</summary>
    internal static readonly WorkKind Allocate = new("allocate", 2e9, WorkProbes.Allocate);

    /// <summary>Bytes written to the scratch folder.</summary>
    internal static readonly WorkKind Scratch = new("scratch", 1e9, WorkProbes.Scratch);

    private static WorkKind[] Poses(string name, double[] typical, Func<RayPose, WorkScale, double> measure) =>
        [.. Enum.GetValues<RayPose>().Select(p => new WorkKind($"{name} {p}", typical[(int)p], scale => measure(p, scale)))];
}
