namespace Beamline.Arrays;

/// <summary>One step in the history of a result.</summary>
/// <param name="Operation">What was done, for instance "fbp".</param>
/// <param name="Parameters">Its parameters by name, as text with units in the names.</param>
public sealed record ProvenanceStep(string Operation, IReadOnlyDictionary<string, string> Parameters)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Parameters.Count == 0
            ? Operation
            : $"{Operation}({string.Join(", ", Parameters.Select(p => $"{p.Key}: {p.Value}"))})";
}

/// <summary>How a result came about: its input and every step since, in order. Immutable.</summary>
/// <param name="Steps">The steps, first one first.</param>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record Provenance(IReadOnlyList<ProvenanceStep> Steps)
{
    /// <summary>No history.</summary>
    public static Provenance None { get; } = new([]);

    /// <summary>The same history with one more step.</summary>
    /// <param name="operation">What was done.</param>
    /// <param name="parameters">Its parameters.</param>
    public Provenance Then(string operation, params (string Name, string Value)[] parameters)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            named[name] = value;
        }

        return new Provenance([.. Steps, new ProvenanceStep(operation, named)]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" -> ", Steps);
}
