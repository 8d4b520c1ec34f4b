using Beamline.Compute;
using Beamline.Tomography.Denoising;

namespace Beamline.Tomography;

/// <summary>The minimizer u of 1/2 |u - image|² + weight TV(u), with isotropic total variation (Rudin, Osher and Fatemi, Physica D 60 (1992) 259).</summary>
/// <remarks>
/// Solved by the accelerated primal-dual method, algorithm 2 of Chambolle and Pock, J. Math. Imaging Vis. 40 (2011) 120. The weight is that of
/// scikit-image's <c>denoise_tv_chambolle</c>. Flat areas become flat; weak ramps become steps.
/// </remarks>
public sealed record TotalVariationFilter : NoiseFilter
{
    /// <summary>How strongly, in units of the image; 0 or more. Null: 1.5 times the noise of each image (<see cref="NoiseEstimate"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0 or not finite.</exception>
    public double? Weight
    {
        get;
        init => field = value is null or (>= 0 and <= float.MaxValue)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Weight), value, "The weight is in units of the image: 0 or more.");
    }

    /// <summary>Steps of the method: 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Iterations
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 100;

    /// <inheritdoc/>
    public override string Name => "total-variation";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters => [("weight", Weight?.ToString("g4") ?? "from the noise"), ("iterations", $"{Iterations}")];

    internal override void Run(float[] frame, int rows, int columns, RunContext context)
    {
        var weight = Weight ?? (1.5 * NoiseEstimate.Sigma(frame, rows, columns, NoiseEstimator.LaplacianMedian));
        if (weight > 0)
        {
            new FrameVariation(frame, rows, columns, (float)weight, context).Minimize(Iterations);
        }
    }
}
