namespace Beamline.Kernel;

/// <summary>Names of the rules.</summary>
internal static class LintRules
{
    public const string Syntax = "syntax";
    public const string Magic = "magic";
    public const string DefinedBelow = "defined-below";
    public const string Undefined = "undefined";
    public const string Unused = "unused-variable";
    public const string ChangedType = "changed-type";
    public const string HiddenType = "hidden-type";
    public const string OldBinding = "old-binding";
    public const string NotRun = "not-run";
    public const string RunOrder = "run-order";
    public const string ChangedText = "changed-text";

    /// <summary>The rules of <c>lint</c>; the rest belongs to <c>run --check-order</c>.</summary>
    public static IReadOnlyList<string> OfLint { get; } =
        [Syntax, Magic, DefinedBelow, Undefined, Unused, ChangedType, HiddenType, OldBinding];
}
