using Beamline.Compute;

namespace Beamline.Tomography.Planning;

/// <summary>
/// Turns work into time. A rate is measured the first time a kind of work is planned at a size, and stored; how a whole step of a
/// method then compares with the sum of its rates is learned from the runs themselves, as one factor for each step, method and size.
/// </summary>
internal static class CostModel
{
    /// <summary>Shorter runs, by typical rates, do not pay for measurements.</summary>
    internal const double WorthMeasuringSeconds = 1.5;

    /// <summary>Steps shorter than this say more about the clock than about the machine.</summary>
    private const double WorthLearningSeconds = 0.1;

    /// <summary>How far a measured step moves the factor, on a scale of ratios.</summary>
    private const double Learning = 0.5;

    /// <summary>Seconds by typical rates; nothing is measured or looked up.</summary>
    internal static double TypicalSeconds(MethodWork work, RunContext context) =>
        work.Items.Sum(i => i.Units / (i.Kind.Typical * Parallel(i.Kind, context)));

    /// <summary>Expected time of each step, in the order of the items.</summary>
    /// <param name="work">What the method will do.</param>
    /// <param name="context">Device, threads, and the folder of the stored rates.</param>
    /// <param name="mayMeasure">Whether rates that are not known are measured now.</param>
    /// <returns>The steps, and whether every rate behind them was measured on this machine.</returns>
    internal static (IReadOnlyList<PlannedStep> Steps, bool AreMeasured) Expect(MethodWork work, RunContext context, bool mayMeasure)
    {
        var areMeasured = true;
        var rates = MeasuredRates.In(context.CacheFolder);
        var scale = work.Scale(context);
        var steps = new List<PlannedStep>();
        foreach (var step in work.Items.GroupBy(i => i.Step))
        {
            var seconds = 0.0;
            foreach (var item in step.Where(i => i.Units > 0))
            {
                seconds += item.Units / Rate(item.Kind, scale, rates, mayMeasure, ref areMeasured);
            }

            steps.Add(new PlannedStep(step.Key, TimeSpan.FromSeconds(seconds * Factor(work, step.Key, scale, rates))));
        }

        rates.Save();
        return (steps, areMeasured);
    }

    /// <summary>Takes up what a run measured.</summary>
    internal static void Learn(MethodWork work, IReadOnlyList<PlannedStep> expected, IReadOnlyDictionary<string, double> measuredSeconds, RunContext context)
    {
        var rates = MeasuredRates.In(context.CacheFolder);
        var scale = work.Scale(context);
        foreach (var step in expected)
        {
            // How quickly a source is read says nothing of the next one; each is tried for itself.
            if (step.Name != MethodSteps.Read && measuredSeconds.TryGetValue(step.Name, out var measured) && measured >= WorthLearningSeconds && step.Expected > TimeSpan.Zero)
            {
                var key = scale.Key($"{work.Method}/{step.Name}");
                var ratio = measured / step.Expected.TotalSeconds;
                var factor = rates.Find(key) is { } before ? before * Math.Pow(ratio, Learning) : ratio;
                rates.Set(key, Math.Clamp(factor, 0.2, 5));
            }
        }

        rates.Save();
    }

    private static double Factor(MethodWork work, string step, WorkScale scale, MeasuredRates rates) =>
        rates.Find(scale.Key($"{work.Method}/{step}")) ?? 1;

    private static double Rate(WorkKind kind, WorkScale scale, MeasuredRates rates, bool mayMeasure, ref bool areMeasured)
    {
        if (kind.Measure is null)
        {
            return kind.Typical;
        }

        var key = scale.Key(kind.Name);
        if (rates.Find(key) is { } known)
        {
            return known;
        }

        if (!mayMeasure)
        {
            areMeasured = false;
            return kind.Typical * Parallel(kind, scale.Context);
        }

        var measured = kind.Measure(scale);
        rates.Set(key, measured);
        return measured;
    }

    private static double Parallel(WorkKind kind, RunContext context) => kind.Measure is null ? 1 : context.MaxThreads;
}
