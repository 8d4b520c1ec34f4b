using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// Methods that go through the rays subset by subset. With several subsets the residual is the one met during the last sweep: to
/// project the whole slice once more would cost half an iteration.
/// </summary>
internal abstract class SubsetSweep : IterativeSlab
{
    private readonly InterleavedSlab[] _data;
    private readonly InterleavedSlab[] _rays;
    /// <summary>What the slices were before a sweep; null with a single subset.</summary>
    protected InterleavedSlab? Before { get; }

    // The squared residual of the last sweep; NaN before the first one.
    private readonly double[] _swept;

    protected SubsetSweep(IterativeProblem problem, int lanes)
        : base(problem, lanes)
    {
        Correction = Image();
        _swept = new double[lanes];
        // Subsets differ by one row at most: two sizes of work slabs serve all.
        var sizes = new Dictionary<int, InterleavedSlab>();
        _rays = [.. problem.Subsets.Select(s => sizes.TryGetValue(s.Rows.Length, out var made)
            ? made
            : sizes[s.Rows.Length] = Own(s.Operator.Range.Allocate(lanes)))];
        _data = problem.Subsets.Count == 1 ? [] : [.. problem.Subsets.Select(s => Own(s.Operator.Range.Allocate(lanes)))];
        Before = problem.Subsets.Count == 1 ? null : Image();
    }

    internal override IReadOnlyList<double[]> Numbers => [_swept];

    protected InterleavedSlab Correction { get; }

    internal override LaneFit Measure()
    {
        var squares = _swept;
        if (Problem.Subsets.Count == 1)
        {
            squares = Project(0);
        }
        else if (double.IsNaN(_swept[0]))
        {
            squares = new double[Lanes];
            for (var i = 0; i < Problem.Subsets.Count; i++)
            {
                Accumulate(squares, Project(i));
            }
        }

        return new LaneFit([.. squares], Each(squares, s => s / 2));
    }

    internal override LaneSums Update(int iteration)
    {
        if (Problem.Subsets.Count == 1)
        {
            return Correct(0);
        }

        SlabMath.Copy(X, Before!);
        Array.Clear(_swept);
        LaneSums last = default;
        for (var i = 0; i < Problem.Subsets.Count; i++)
        {
            Accumulate(_swept, Project(i));
            last = Correct(i);
        }

        var change = SlabMath.Apply(default(SquaredDistance), Before!, X, Before!, null, null, Context).Second;
        return new LaneSums(change, last.Second);

        LaneSums Correct(int subset)
        {
            var part = Problem.Subsets[subset];
            part.Operator.Adjoint(_rays[subset], Correction);
            return Apply(part, iteration);
        }
    }

    protected override void Prepare(InterleavedSlab? weights, bool isWarm)
    {
        Array.Fill(_swept, double.NaN);
        if (_data.Length > 0)
        {
            for (var i = 0; i < _data.Length; i++)
            {
                CopyRows(Data, Problem.Subsets[i].Rows, _data[i]);
            }
        }
    }

    /// <summary>Turns the projection of the slices into what is backprojected. First sum: the squared misfit.</summary>
    protected abstract LaneSums Compare(RaySubset subset, InterleavedSlab rays, InterleavedSlab data);

    /// <summary>Takes the backprojected correction. Sums: squared change and squared result.</summary>
    protected abstract LaneSums Apply(RaySubset subset, int iteration);

    private static unsafe void CopyRows(InterleavedSlab source, int[] rows, InterleavedSlab target)
    {
        var length = source.InnerCount * source.Lanes;
        for (var i = 0; i < rows.Length; i++)
        {
            new Span<float>(source.Origin + (rows[i] * source.RowStride), length)
                .CopyTo(new Span<float>(target.Origin + (i * target.RowStride), length));
        }

        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    private static void Accumulate(double[] sums, double[] more)
    {
        for (var lane = 0; lane < sums.Length; lane++)
        {
            sums[lane] += more[lane];
        }
    }

    private double[] Project(int subset)
    {
        var part = Problem.Subsets[subset];
        part.Operator.Forward(X, _rays[subset]);
        return Compare(part, _rays[subset], _data.Length > 0 ? _data[subset] : Data).First;
    }
}
