using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Planning;

/// <summary>Times the steps of a run, and holds them against its plan at the end.</summary>
internal sealed class RunClock(ReconstructionPlan plan)
{
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private readonly Stopwatch _all = Stopwatch.StartNew();

    /// <summary>Times a step, as often as it comes.</summary>
    internal void Time(string step, Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        _seconds[step] = _seconds.GetValueOrDefault(step) + watch.Elapsed.TotalSeconds;
    }

    /// <summary>Ends the run: reports expected and measured time, and lets the model learn.</summary>
    /// <param name="activity">The name under which the run reports its progress.</param>
    /// <param name="context">The run's context.</param>
    /// <param name="doneShare">The part of the planned work that was done: below 1 when iterations ended early. Nothing is learned below 0.5.</param>
    internal RunTiming Finish(string activity, RunContext context, double doneShare = 1)
    {
        var steps = plan.ExpectedSteps.Select(
            s => new StepTiming(s.Name, s.Expected, TimeSpan.FromSeconds(_seconds.GetValueOrDefault(s.Name)))).ToList();
        steps.AddRange(_seconds.Where(s => plan.ExpectedSteps.All(e => e.Name != s.Key))
            .Select(s => new StepTiming(s.Key, null, TimeSpan.FromSeconds(s.Value))));
        var timing = new RunTiming(plan.ExpectedTime, _all.Elapsed, steps);
        if (plan is { Work: { } work, HasMeasuredRates: true } && doneShare >= 0.5)
        {
            CostModel.Learn(
                work, plan.ExpectedSteps,
                _seconds.ToDictionary(s => s.Key, s => s.Key == MethodSteps.Iterate ? s.Value / doneShare : s.Value), context);
        }

        // The result is there: no cancellation takes it away any more.
        context.Tell(new ProgressReport(activity, 1, timing.ToString()));
        return timing;
    }
}
