using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>LSQR of Paige and Saunders, in their notation: beta u = A v - alpha u, alpha v = A' u - beta v.</summary>
internal sealed class LsqrSlab : IterativeSlab
{
    private readonly InterleavedSlab _u;
    private readonly InterleavedSlab _work;
    private readonly InterleavedSlab _v;
    private readonly InterleavedSlab _w;
    private readonly InterleavedSlab _adjoint;
    private readonly double[] _alpha;
    private readonly double[] _phiBar;
    private readonly double[] _rhoBar;

    internal LsqrSlab(IterativeProblem problem, int lanes)
        : base(problem, lanes)
    {
        (_u, _work, _v, _w, _adjoint) = (Rays(), Rays(), Image(), Image(), Image());
        (_alpha, _phiBar, _rhoBar) = (new double[lanes], new double[lanes], new double[lanes]);
    }

    internal override IReadOnlyList<InterleavedSlab> Slabs => [_u, _v, _w];

    internal override IReadOnlyList<double[]> Numbers => [_alpha, _phiBar, _rhoBar];

    internal override LaneFit Measure() => new(Each(_phiBar, p => p * p), Each(_phiBar, p => p * p / 2));

    internal override LaneSums Update(int iteration)
    {
        var context = Context;
        Operator.Forward(_v, _work);
        SlabMath.Apply(default(AddToDirection), _u, _work, _work, null, Each(_alpha, a => -a), context);
        var beta = Normalize(_u);
        var turned = Each(_rhoBar, beta, double.Hypot);
        var step = Ratio(Each(Ratio(_rhoBar, turned), _phiBar, (c, p) => c * p), turned);
        var sums = SlabMath.Add(X, _w, step, context);
        Operator.Adjoint(_u, _adjoint);
        SlabMath.Apply(default(AddToDirection), _v, _adjoint, _adjoint, null, Each(beta, b => -b), context);
        Normalize(_v).CopyTo(_alpha, 0);
        var sine = Ratio(beta, turned);
        var cosine = Ratio(_rhoBar, turned);
        var theta = Each(sine, _alpha, (s, a) => s * a);
        Each(cosine, _alpha, (c, a) => -c * a).CopyTo(_rhoBar, 0);
        Each(sine, _phiBar, (s, p) => s * p).CopyTo(_phiBar, 0);
        SlabMath.Apply(default(AddToDirection), _w, _v, _v, null, Each(Ratio(theta, turned), t => -t), context);
        return sums;
    }

    protected override void Prepare(InterleavedSlab? weights, bool isWarm)
    {
        SlabMath.Copy(Data, _u);
        if (isWarm)
        {
            Operator.Forward(X, _u);
            SlabMath.Apply(default(WeightedMisfit), _u, Data, Data, null, null, Context);
        }

        Normalize(_u).CopyTo(_phiBar, 0);
        Operator.Adjoint(_u, _v);
        Normalize(_v).CopyTo(_alpha, 0);
        _alpha.CopyTo(_rhoBar, 0);
        SlabMath.Copy(_v, _w);
    }

    /// <summary>Divides each lane by its norm and gives the norms.</summary>
    private static double[] Normalize(InterleavedSlab slab)
    {
        var norms = Each(SlabMath.SquaredNorm(slab, Context), Math.Sqrt);
        SlabMath.Apply(default(Scale), slab, slab, slab, null, Each(norms, n => n == 0 ? 0 : 1 / n), Context);
        return norms;
    }
}
