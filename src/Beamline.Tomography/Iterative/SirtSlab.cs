using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>SIRT with one subset, SART with one for each angle, OS-SART between: x += relaxation C A'(R (b - A x)).</summary>
internal class SirtSlab(IterativeProblem problem, int lanes) : SubsetSweep(problem, lanes)
{
    /// <summary>The factor of each lane, when somebody else than the schedule decides.</summary>
    protected double[]? Factors { get; set; }

    protected override LaneSums Compare(RaySubset subset, InterleavedSlab rays, InterleavedSlab data) =>
        SlabMath.Apply(default(WeightedMisfit), rays, data, data, subset.InverseRowSums, null, Context);

    protected override LaneSums Apply(RaySubset subset, int iteration)
    {
        var factors = Factors ?? [.. Enumerable.Repeat(Problem.Options.Relaxation.At(iteration), Lanes)];
        return SlabMath.Apply(
            new BoundedStep(Problem.Low, Problem.High), X, Correction, Correction, subset.InverseColumnSums, factors, Context);
    }
}
