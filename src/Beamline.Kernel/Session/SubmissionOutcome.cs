namespace Beamline.Kernel;

/// <summary>What became of one piece of C#.</summary>
/// <param name="Value">Value of the last expression, or null.</param>
/// <param name="Exception">What it threw, or null.</param>
/// <param name="Errors">Why it did not compile; empty when it did.</param>
internal sealed record SubmissionOutcome(object? Value, Exception? Exception, IReadOnlyList<CellDiagnostic> Errors)
{
    public bool Succeeded => Exception is null && Errors.Count == 0;
}
