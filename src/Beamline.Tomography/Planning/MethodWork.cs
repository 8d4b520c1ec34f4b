using Beamline.Compute;

namespace Beamline.Tomography.Planning;

/// <summary>Some work of one step of a run.</summary>
/// <param name="Step">The step, as the run names it when it times it: "filter".</param>
/// <param name="Kind">The kind of work.</param>
/// <param name="Units">How much, in units of the kind.</param>
internal readonly record struct WorkItem(string Step, WorkKind Kind, double Units);

/// <summary>All that a run of a method will do: the one place in which a method states its cost.</summary>
/// <param name="Method">Name of the method; what runs of it take is remembered under it.</param>
/// <param name="Columns">Edge of its slices or rows, whichever the caches feel.</param>
/// <param name="Lanes">Slices worked on together.</param>
/// <param name="Items">The work; several items may belong to one step.</param>
internal sealed record MethodWork(string Method, int Columns, int Lanes, IReadOnlyList<WorkItem> Items)
{
    /// <summary>How often the projections are read, all in all: above 1 where slabs see rows of each other.</summary>
    internal double ReadShare { get; init; } = 1;

    /// <summary>Whether a run may end sooner, as iterations do that reach their goal.</summary>
    internal bool IsAtMost { get; init; }

    /// <summary>Why nothing can be expected of a run, for instance because an operator is the user's own; null when it can.</summary>
    internal string? Unknown { get; init; }

    internal WorkScale Scale(RunContext context) => WorkScale.Of(Columns, Lanes, context);
}
