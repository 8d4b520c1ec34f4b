using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>How well the slices explain their data, lane by lane: |A x - b|², and what the method makes small.</summary>
internal readonly record struct LaneFit(double[] SquaredResidual, double[] Objective);

/// <summary>
/// One method at work on one slab. Between <see cref="Measure"/> and <see cref="Update"/> all that the method remembers is in
/// <see cref="X"/>, <see cref="Slabs"/> and <see cref="Numbers"/>: a checkpoint holds these and nothing else.
/// </summary>
internal abstract class IterativeSlab : IDisposable
{
    private readonly List<InterleavedSlab> _owned = [];

    protected IterativeSlab(IterativeProblem problem, int lanes)
    {
        (Problem, Lanes) = (problem, lanes);
        X = Image();
    }

    /// <summary>The slices now.</summary>
    internal InterleavedSlab X { get; private protected set; }

    /// <summary>Other slabs that the next update depends on, each in its role.</summary>
    internal virtual IReadOnlyList<InterleavedSlab> Slabs => [];

    /// <summary>Numbers that the next update depends on.</summary>
    internal virtual IReadOnlyList<double[]> Numbers => [];

    protected IterativeProblem Problem { get; }

    protected int Lanes { get; }

    protected ILinearOperator Operator => Problem.Operator;

    protected static RunContext Context => RunContext.Current;

    /// <summary>The line integrals of the slab that is worked on.</summary>
    protected InterleavedSlab Data { get; private set; } = null!;

    /// <summary>Begins with other data. <see cref="X"/> holds the start.</summary>
    /// <param name="data">Line integrals.</param>
    /// <param name="weights">Of the rays, for methods that weigh them; else null.</param>
    /// <param name="isWarm">Whether the start is a guess of the user's, not zeros.</param>
    internal void Begin(InterleavedSlab data, InterleavedSlab? weights, bool isWarm)
    {
        Data = data;
        Prepare(weights, isWarm);
    }

    /// <summary>Looks at <see cref="X"/> without changing what the method remembers: a second call gives the same.</summary>
    internal abstract LaneFit Measure();

    /// <summary>One iteration, after <see cref="Measure"/>. Gives |x - x before|² and |x|².</summary>
    internal abstract LaneSums Update(int iteration);

    public virtual void Dispose()
    {
        foreach (var slab in _owned)
        {
            slab.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Image slabs that a method allocates, <see cref="X"/> included.</summary>
    /// <param name="method">The method.</param>
    /// <param name="directions">Directions of total variation: 2, or 3 across slices.</param>
    internal static int ImageSlabs(IterativeMethod method, int directions = 2) => method switch
    {
        IterativeMethod.Sirt => 2,
        IterativeMethod.Sart or IterativeMethod.OsSart or IterativeMethod.Osem => 3,
        IterativeMethod.Mlem => 2,
        IterativeMethod.Cgls or IterativeMethod.Tikhonov or IterativeMethod.Pwls => 3,
        IterativeMethod.Lsqr or IterativeMethod.AsdPocs => 4,
        _ => 3 + directions,
    };

    /// <summary>Sinogram slabs that a method allocates.</summary>
    internal static int RaySlabs(IterativeMethod method) => method switch
    {
        IterativeMethod.Sirt or IterativeMethod.Mlem => 1,
        IterativeMethod.Pwls => 5,
        _ => 4,
    };

    protected abstract void Prepare(InterleavedSlab? weights, bool isWarm);

    protected InterleavedSlab Image() => Own(Problem.Operator.Domain.Allocate(Lanes));

    protected InterleavedSlab Rays() => Own(Problem.Operator.Range.Allocate(Lanes));

    protected InterleavedSlab Own(InterleavedSlab slab)
    {
        _owned.Add(slab);
        return slab;
    }

    /// <summary>Values that a sum over a slab has.</summary>
    internal static double Places(InterleavedSlab slab) => (double)slab.OuterCount * slab.InnerCount * (slab.PiecesOfDepth > 0 ? slab.Lanes : 1);

    protected static double[] Each(double[] values, Func<double, double> f) => Array.ConvertAll(values, v => f(v));

    protected static double[] Each(double[] a, double[] b, Func<double, double, double> f)
    {
        var made = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
        {
            made[i] = f(a[i], b[i]);
        }

        return made;
    }

    /// <summary>a / b, and 0 where b is 0: a slice that has nothing left to correct takes no step.</summary>
    protected static double[] Ratio(double[] a, double[] b) => Each(a, b, (x, y) => y == 0 ? 0 : x / y);
}
