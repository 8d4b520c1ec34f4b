namespace Beamline.Tomography.Iterative;

/// <summary>Sums over the slices of one slab after an iteration; those of all slabs add up to the history.</summary>
internal readonly record struct IterationSums(double SquaredResidual, double SquaredData, double Objective, double SquaredChange, double SquaredNorm)
{
    public static IterationSums operator +(IterationSums a, IterationSums b) => new(
        a.SquaredResidual + b.SquaredResidual, a.SquaredData + b.SquaredData, a.Objective + b.Objective,
        a.SquaredChange + b.SquaredChange, a.SquaredNorm + b.SquaredNorm);

    /// <summary>Adds a slab's history; the shorter one goes on with its last entry, as if it had stayed there.</summary>
    internal static IterationSums[] Together(IterationSums[] before, IReadOnlyList<IterationSums> more)
    {
        if (before.Length == 0)
        {
            return [.. more];
        }

        return [.. Enumerable.Range(0, Math.Max(before.Length, more.Count)).Select(i =>
            At(before, i) + At(more, i))];

        static IterationSums At(IReadOnlyList<IterationSums> list, int i) =>
            i < list.Count ? list[i] : list[^1] with { SquaredChange = 0 };
    }

    internal static IterationRecord[] Records(IterationSums[] sums) => [.. sums.Select((s, i) => new IterationRecord(
        i, Root(s.SquaredResidual, s.SquaredData), s.Objective, i == 0 ? double.NaN : Root(s.SquaredChange, s.SquaredNorm)))];

    private static double Root(double part, double whole) => whole > 0 ? Math.Sqrt(part / whole) : Math.Sqrt(part);
}

/// <summary>
/// Follows the slices of a slab through the iterations: which one is best so far, which has reached its end, and why.
/// </summary>
internal sealed class LaneProgress
{
    /// <summary>A residual this many times that of an empty slice (or of the start, if that is worse) has run away.</summary>
    private const double RunawayFactor = 2;

    /// <summary>An objective that rises in this many iterations in a row, to this many times its least value, has run away.</summary>
    private const int RisesInARow = 10;
    private const double RiseFactor = 1.5;
    private readonly IterativeOptions _options;
    private readonly double[] _squaredData;
    private readonly double _rays;
    private readonly List<IterationSums> _history = [];

    // One row for each quantity and one column for each lane: what a checkpoint holds.
    private readonly double[] _first;
    private readonly double[] _last;
    private readonly double[] _bestObjective;
    private readonly double[] _bestResidual;
    private readonly double[] _bestIteration;
    private readonly double[] _rises;
    private readonly double[] _lastObjective;
    private readonly double[] _reason;
    private readonly double[] _change;
    private readonly double[] _norm;

    internal LaneProgress(IterativeOptions options, double[] squaredData, double rays, int used)
    {
        (_options, _squaredData, _rays, Used) = (options, squaredData, rays, used);
        var lanes = squaredData.Length;
        (_first, _last, _bestObjective, _bestResidual, _bestIteration) = (New(0), New(0), New(double.PositiveInfinity), New(0), New(0));
        (_rises, _lastObjective, _reason, _change, _norm) = (New(0), New(double.PositiveInfinity), New(-1), New(double.NaN), New(0));

        double[] New(double value) => [.. Enumerable.Repeat(value, lanes)];
    }

    /// <summary>Lanes that hold a slice; the others are empty.</summary>
    internal int Used { get; }

    internal IReadOnlyList<IterationSums> History => _history;

    internal bool AllStopped => _reason.Take(Used).All(r => r >= 0);

    /// <summary>All numbers, for a checkpoint; writing into them restores.</summary>
    internal IReadOnlyList<double[]> Numbers =>
        [_first, _last, _bestObjective, _bestResidual, _bestIteration, _rises, _lastObjective, _reason, _change, _norm];

    /// <summary>Why a lane has stopped; null while it runs.</summary>
    internal StopReason? Reason(int lane) => _reason[lane] < 0 ? null : (StopReason)(int)_reason[lane];

    internal double RelativeResidual(int lane) => Relative(_last[lane], _squaredData[lane]);

    internal double FirstResidual(int lane) => Relative(_first[lane], _squaredData[lane]);

    /// <summary>How a slice ended; one that still runs is ended by cancellation.</summary>
    internal SliceStop Stop(int lane, int slice) =>
        new(slice, Reason(lane) ?? StopReason.Canceled, (int)_bestIteration[lane], Relative(_bestResidual[lane], _squaredData[lane]));

    internal void Restore(IterationSums sums) => _history.Add(sums);

    /// <summary>Takes what an iteration gave. Returns the lanes whose slices must be kept as they are now.</summary>
    /// <param name="iteration">Updates done.</param>
    /// <param name="fit">How well the slices explain their data.</param>
    /// <param name="step">|change|² and |x|² of the update that led here; null at the start.</param>
    /// <param name="limit">Most iterations.</param>
    internal bool[] Observe(int iteration, LaneFit fit, LaneSums? step, int limit)
    {
        var keep = new bool[_squaredData.Length];
        for (var lane = 0; lane < Used; lane++)
        {
            if (_reason[lane] >= 0)
            {
                _change[lane] = 0;
                continue;
            }

            var (residual, objective) = (fit.SquaredResidual[lane], fit.Objective[lane]);
            (_first[lane], _last[lane]) = (iteration == 0 ? residual : _first[lane], residual);
            (_change[lane], _norm[lane]) = step is { } s ? (s.First[lane], s.Second[lane]) : (double.NaN, double.NaN);
            var reason = HasDiverged(lane, residual, objective) ? StopReason.Diverged : End(lane, iteration, residual, limit);
            // What runs on keeps its best iterate for the case that it diverges; what ends well ends with the last one.
            keep[lane] = reason is null ? IsBest(lane, iteration, residual, objective) : reason != StopReason.Diverged;
            if (keep[lane])
            {
                (_bestObjective[lane], _bestResidual[lane], _bestIteration[lane]) = (objective, residual, iteration);
            }

            _reason[lane] = reason is { } r ? (int)r : -1;
            _lastObjective[lane] = objective;
            if (reason == StopReason.Diverged)
            {
                _last[lane] = _bestResidual[lane];
                (_change[lane], _norm[lane]) = (0, 0);
            }
        }

        _history.Add(Sum(fit));
        return keep;
    }

    /// <summary>ASD-POCS makes the variation small, and nothing has less of it than an empty slice: there the best is what explains the data best.</summary>
    private bool IsBest(int lane, int iteration, double residual, double objective) => _options.Method == IterativeMethod.AsdPocs
        ? iteration == 0 || residual <= _bestResidual[lane]
        : objective <= _bestObjective[lane];

    private static double Relative(double squares, double data) => Math.Sqrt(squares / (data > 0 ? data : 1));

    private bool HasDiverged(int lane, double residual, double objective)
    {
        if (!double.IsFinite(residual) || !double.IsFinite(objective) || (_norm[lane] is var n && double.IsInfinity(n)))
        {
            return true;
        }

        _rises[lane] = objective > _lastObjective[lane] ? _rises[lane] + 1 : 0;
        // ASD-POCS lowers and raises its variation on purpose, and a primal-dual method swings in to its solution.
        var swings = _options.Method is IterativeMethod.AsdPocs or IterativeMethod.TvPdhg;
        var creeping = !swings && _rises[lane] >= RisesInARow && objective > RiseFactor * _bestObjective[lane];
        return creeping || residual > RunawayFactor * RunawayFactor * Math.Max(_first[lane], _squaredData[lane]);
    }

    private StopReason? End(int lane, int iteration, double residual, int limit) =>
        residual == 0 ? StopReason.Exact
        : _options.NoiseLevel is { } noise && _options.Method != IterativeMethod.AsdPocs && residual <= noise * noise * _rays ? StopReason.Discrepancy
        : _options.StopAtRelativeChange is { } least && _change[lane] <= least * least * _norm[lane] ? StopReason.RelativeChange
        : iteration >= limit ? StopReason.IterationLimit
        : null;

    private IterationSums Sum(LaneFit fit)
    {
        IterationSums sum = default;
        for (var lane = 0; lane < Used; lane++)
        {
            sum += new IterationSums(_last[lane], _squaredData[lane], Reason(lane) == StopReason.Diverged ? _bestObjective[lane] : _lastObjective[lane], _change[lane], _norm[lane]);
        }

        return sum;
    }
}
