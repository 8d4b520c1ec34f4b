using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.LogPolar;

namespace Beamline.Tomography;

public static partial class Reconstruction
{
    /// <summary>Log-polar reconstruction of parallel-beam projections: backprojection as convolutions.</summary>
    /// <remarks>
    /// Andersson, Carlsson and Nikitin, SIAM J. Imaging Sci. 9 (2016) 637: in log-polar coordinates the backprojection of a wedge
    /// of angles is a convolution, which Fourier transforms compute. Rows are filtered as in <see cref="Fbp(ProjectionStack, RotationAxis?, FbpOptions?)"/>; cubic splines change
    /// the coordinates. Same units and weights as <see cref="Fbp(ProjectionStack, RotationAxis?, FbpOptions?)"/>. The angles must be evenly spaced; they may cover any range.
    /// Pixels outside the circle that fits in the slice are 0. Runs on the CPU, slab by slab. <see cref="Fourier"/>
    /// is faster and asks less of the angles: docs/analytic.md.
    /// </remarks>
    /// <param name="projections">Line integrals [angle, row, column], after flat field and minus-log.</param>
    /// <param name="axis">The rotation axis; null finds it with the default method.</param>
    /// <param name="options">Filter, padding, size and wedges; null takes the defaults.</param>
    /// <returns>A volume [row, y, x], one slice for each detector row. Dispose it to free its memory at once.</returns>
    /// <exception cref="ArgumentException">
    /// Fewer than two projections, unevenly spaced angles, the axis lies outside the detector, or a GPU was asked for.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public static Volume LogPolar(ProjectionStack projections, RotationAxis? axis = null, LogPolarOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        options ??= new LogPolarOptions();
        return RunSlabMethod(
            "Log-polar", projections, axis, options, context => LogPolarPlan.Make(projections, options, context),
            (geometry, weights, lanes) => new LogPolarMethod(geometry, options, weights, lanes),
            ("wedges", options.Wedges.ToString()),
            ("oversampling", options.Oversampling.ToString("0.###")));
    }

    /// <summary>What a log-polar reconstruction would take, without running it.</summary>
    /// <param name="projections">Line integrals [angle, row, column].</param>
    /// <param name="options">Filter, padding, size and wedges; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The angles are not evenly spaced, or a GPU was asked for.</exception>
    /// <exception cref="InsufficientMemoryException">The working arrays do not fit in the free memory.</exception>
    public static ReconstructionPlan PlanLogPolar(ProjectionStack projections, LogPolarOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(projections);
        options ??= new LogPolarOptions();
        return LogPolarPlan.Make(projections, options, OnCpu("Log-polar", options), isAsked: true);
    }
}
