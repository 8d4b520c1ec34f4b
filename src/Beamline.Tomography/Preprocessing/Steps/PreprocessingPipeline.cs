using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>Steps one after the other, kept as one thing that can be printed and applied to many scans. Immutable.</summary>
public sealed record PreprocessingPipeline : PreprocessingStep
{
    /// <summary>Makes a pipeline.</summary>
    /// <param name="steps">The steps, first one first.</param>
    public PreprocessingPipeline(params IReadOnlyList<PreprocessingStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Any(s => s is null))
        {
            throw new ArgumentException("A step of the pipeline is null.", nameof(steps));
        }

        Steps = [.. steps];
    }

    /// <summary>The steps, first one first.</summary>
    public IReadOnlyList<PreprocessingStep> Steps { get; }

    /// <inheritdoc/>
    public override string Name => "pipeline";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
        [.. Steps.Select((s, i) => ($"step{i + 1}", s.ToString()))];

    /// <summary>The same pipeline with one more step.</summary>
    /// <param name="step">The step that comes last.</param>
    public PreprocessingPipeline Then(PreprocessingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new PreprocessingPipeline([.. Steps, step]);
    }

    /// <summary>Applies the steps in their order; each adds itself to the provenance.</summary>
    /// <param name="projections">The stack that the first step gets.</param>
    public override ProjectionStack Apply(ProjectionStack projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        return Steps.Aggregate(projections, (stack, step) => step.Apply(stack));
    }

    /// <summary>Whether both have equal steps in the same order.</summary>
    /// <param name="other">The other pipeline.</param>
    public bool Equals(PreprocessingPipeline? other) => other is not null && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(17, HashCode.Combine);
}
