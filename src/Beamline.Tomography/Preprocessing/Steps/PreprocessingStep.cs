using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>
/// One operation on a stack of projections with its parameters: a record that can be kept, compared, printed and applied.
/// The options of every operation are such steps, so <c>stack.RemoveStripes(options)</c> and
/// <c>options.Apply(stack)</c> are the same.
/// </summary>
public abstract record PreprocessingStep
{
    /// <summary>What the step is called in a provenance and in progress messages, for instance "remove-stripes".</summary>
    public abstract string Name { get; }

    /// <summary>The parameters by name, as text with units in the names; the order is that of importance.</summary>
    public abstract IReadOnlyList<(string Name, string Value)> Parameters { get; }

    /// <summary>Gives the stack after the step. Lazy: nothing is computed before values are read.</summary>
    /// <param name="projections">The stack; it stays as it is and must not be disposed before the result.</param>
    /// <returns>A stack [angle, row, column].</returns>
    public abstract ProjectionStack Apply(ProjectionStack projections);

    /// <summary>The step with its parameters on one line.</summary>
    public sealed override string ToString() =>
        Parameters.Count == 0 ? Name : $"{Name}({string.Join(", ", Parameters.Select(p => $"{p.Name}: {p.Value}"))})";

    /// <summary>The history of a stack, with this step at its end.</summary>
    internal Provenance After(ProjectionStack projections) => projections.Provenance.Then(Name, [.. Parameters]);
}
