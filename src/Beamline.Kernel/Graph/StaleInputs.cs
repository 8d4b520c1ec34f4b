namespace Beamline.Kernel;

/// <summary>A reason to doubt what a cell is about to use.</summary>
/// <param name="Text">The note.</param>
/// <param name="Producer">The cell that made the input.</param>
/// <param name="Root">The cell that began it.</param>
internal sealed record StaleInput(string Text, GraphCell Producer, GraphCell Root);

/// <summary>Finds the inputs of a cell that are made by cells which are out of date.</summary>
internal static class StaleInputs
{
    public static IEnumerable<StaleInput> Of(NotebookGraph graph, string key, CellFacts facts)
    {
        var now = graph.InputsNow(key, facts);
        foreach (var made in now.GroupBy(i => i.Producer))
        {
            var names = Names(made);
            if (NotebookGraph.Stale(made.Key) is { } cause)
            {
                yield return new StaleInput(
                    $"{names} of {made.Key.Label}, which is out of date: {cause.Text}. #!rerun stale runs what is out of date.",
                    made.Key,
                    cause.Root);
            }
            else if (made.Where(i => i.Run != i.Producer.Run).ToArray() is { Length: > 0 } old)
            {
                yield return new StaleInput(
                    $"{Names(old)} of an earlier run of {made.Key.Label}, which ran again since and no longer made it.",
                    made.Key,
                    made.Key);
            }
        }

        // 'list.Add(1)' in a cell between: the list was made anew, and that cell has not run on it.
        var before = graph.Find(key)?.Inputs ?? [];
        foreach (var passed in before.Where(b => now.Any(n => n.Name == b.Name) && now.All(n => n.Producer != b.Producer)))
        {
            if (NotebookGraph.Stale(passed.Producer) is { } cause && passed.Producer.Changes.Contains(passed.Name))
            {
                yield return new StaleInput(
                    $"{passed.Name} has not gone through {passed.Producer.Label} since {cause.Root.Label} ran again. " +
                    "#!rerun stale runs what is out of date.",
                    passed.Producer,
                    cause.Root);
            }
        }
    }

    private static string Names(IEnumerable<CellInput> inputs) =>
        "This cell uses " + string.Join(", ", inputs.Select(i => i.Name).Distinct().Order(StringComparer.Ordinal));
}
