using System.Text.RegularExpressions;
using NuGet.Versioning;

namespace Beamline.Packages;

/// <summary>A package that a cell asks for.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Range">Which versions will do; null when none was named.</param>
/// <param name="Directive">The line that asks.</param>
internal sealed partial record PackageRequest(string Id, VersionRange? Range, ReferenceDirective Directive)
{
    /// <summary>How a project file says it. A plain version means that version and no other.</summary>
    public string Requirement => Range?.OriginalString ?? "*";

    /// <summary>True when the answer depends on what a source offers today.</summary>
    public bool IsFloating => Range is null || Range.IsFloating || !Range.HasUpperBound || !Range.MinVersion!.Equals(Range.MaxVersion);

    /// <summary>How messages call it.</summary>
    public string Title => Range is null ? Id
        : IsFloating ? $"{Id} {Range.OriginalString}" : $"{Id} {Range.MinVersion!.ToNormalizedString()}";

    /// <summary>Whether a version is one that was asked for.</summary>
    public bool Accepts(NuGetVersion version) =>
        Range is null || (Range.IsFloating ? Range.Float!.Satisfies(version) : Range.Satisfies(version));

    /// <summary>The request of a version and no other.</summary>
    public PackageRequest Exactly(string version) => this with { Range = VersionRange.Parse($"[{version}]") };

    /// <summary>Reads what stands behind <c>nuget:</c>.</summary>
    /// <exception cref="PackageException">It is no name and version.</exception>
    public static PackageRequest Parse(ReferenceDirective directive)
    {
        var comma = directive.Value.IndexOf(',', StringComparison.Ordinal);
        var id = (comma < 0 ? directive.Value : directive.Value[..comma]).Trim();
        var version = comma < 0 ? "" : directive.Value[(comma + 1)..].Trim();
        if (!Name().IsMatch(id))
        {
            throw new PackageException(
                $"'{id}' is not the name of a package. Write #r \"nuget: Name, version\", for instance " +
                "#r \"nuget: MathNet.Numerics, 5.0.0\".",
                directive);
        }

        if (comma < 0)
        {
            return new PackageRequest(id, null, directive);
        }

        return VersionRange.TryParse(NuGetVersion.TryParse(version, out _) ? $"[{version}]" : version, out var range)
            ? new PackageRequest(id, range, directive)
            : throw new PackageException(
                $"'{version}' is not a version of {id}. Write for instance 5.0.0, 5.* (newest 5), *-* (newest, also " +
                "pre-releases) or [4.0,5.0).",
                directive);
    }

    [GeneratedRegex(@"^[A-Za-z0-9_]+([_.-][A-Za-z0-9_]+)*\z")]
    private static partial Regex Name();
}
