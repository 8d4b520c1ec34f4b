using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>A penalty R(x) on slices, given by its proximal map: what <see cref="IterativeMethod.TvFista"/> and
/// <see cref="IterativeMethod.Pwls"/> take in the place of their own.</summary>
public interface IRegularizer
{
    /// <summary>A short name with the parameters: for provenance, and what a checkpoint is recognized by.</summary>
    string Name { get; }

    /// <summary>
    /// Replaces the slices v of a slab by the minimizers of 1/2 |x - v|² + weight x R(x), each slice for itself. Bounds and mask of the
    /// options are applied afterwards.
    /// </summary>
    /// <param name="slices">v on entry, x on return: [y, x, slice], in 1/pixel. The padding must stay zero.</param>
    /// <param name="weights">The weight of each slice of the slab, 0 or more.</param>
    void Proximal(InterleavedSlab slices, ReadOnlySpan<double> weights);

    /// <summary>R(x) of each slice, for the convergence history.</summary>
    /// <param name="slices">[y, x, slice]; not changed.</param>
    /// <returns>One value for each lane of the slab.</returns>
    double[] Values(InterleavedSlab slices);
}

/// <summary>An operator of which some rows can be had alone: what methods by subsets of angles need.</summary>
public interface ISplitOperator : ILinearOperator
{
    /// <summary>The operator whose range has only some rows (angles) of this one's, in the given order.</summary>
    /// <param name="rows">Indices of outer rows of <see cref="ILinearOperator.Range"/>.</param>
    /// <returns>An operator of its own; dispose it.</returns>
    ILinearOperator Part(IReadOnlyList<int> rows);
}
