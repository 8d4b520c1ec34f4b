using System.Globalization;
using System.Text;
using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>A network beside classical filters, on projections and after reconstruction. What does better on projections need not do so on slices.</summary>
[TypeFormatterSource("Beamline.Extension.Formatting.ComparisonFormatterSource, Beamline.Extension", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record DenoisingComparison
{
    /// <summary>How projections came out: the noisy scan first, the network second. Empty when volumes were compared.</summary>
    public IReadOnlyList<ComparisonRow> Projections { get; init; } = [];

    /// <summary>How slices came out, in the same order.</summary>
    public required IReadOnlyList<ComparisonRow> Slices { get; init; }

    /// <summary>What was compared with what, in words: "against the reference scan", "even against odd views".</summary>
    public required string Reference { get; init; }

    /// <summary>Data range of PSNR and SSIM of projections; null without a reference.</summary>
    public double? ProjectionDataRange { get; init; }

    /// <summary>Data range of PSNR and SSIM of slices; null without a reference.</summary>
    public double? SliceDataRange { get; init; }

    /// <summary>The reference of the middle scored projection; null without one.</summary>
    public Image? ReferenceProjection { get; init; }

    /// <summary>The reference of the middle scored slice; null without one.</summary>
    public Image? ReferenceSlice { get; init; }

    /// <summary>Where the noise of slices was measured; null when they are too small.</summary>
    public FlatRegion? FlatRegion { get; init; }

    /// <summary>What one must know to read the numbers.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The rows of a domain.</summary>
    /// <param name="domain">Projections or slices.</param>
    public IReadOnlyList<ComparisonRow> Rows(ComparisonDomain domain) => domain == ComparisonDomain.Projections ? Projections : Slices;

    /// <summary>The classical filter with the least error; without a reference that with the finest resolution. Null when none was compared.</summary>
    /// <param name="domain">Projections or slices.</param>
    public ComparisonRow? BestFilter(ComparisonDomain domain) => Rows(domain)
        .Where(r => r.Choice is (FilterChoice.Given or FilterChoice.OnReference or FilterChoice.FromNoise or FilterChoice.OnOtherHalf) && !r.Method.StartsWith(ScanComparison.Uniform, StringComparison.Ordinal))
        .MinBy(r => r.Rmse ?? r.ResolutionPixels ?? double.PositiveInfinity);

    /// <summary>The table of a domain as text, headings first; cells without a value are empty.</summary>
    /// <param name="domain">Projections or slices.</param>
    public IReadOnlyList<IReadOnlyList<string>> Table(ComparisonDomain domain) => ComparisonTable.Cells(Rows(domain), domain, Projections.Count == 0);

    /// <summary>Both tables and the notes as plain text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var domain in Enum.GetValues<ComparisonDomain>().Where(d => Rows(d).Count > 0))
        {
            text.AppendLine(Title(domain)).Append(ComparisonTable.Text(Table(domain))).AppendLine();
        }

        foreach (var note in Notes)
        {
            text.Append("- ").AppendLine(note);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>What stands above a table.</summary>
    /// <param name="domain">Projections or slices.</param>
    public string Title(ComparisonDomain domain)
    {
        var range = domain == ComparisonDomain.Projections ? ProjectionDataRange : SliceDataRange;
        return (domain == ComparisonDomain.Slices ? $"Slices, {Reference}" : range is null ? "Projections, without a reference" : $"Projections, {Reference}")
            + (range is { } value ? string.Create(CultureInfo.InvariantCulture, $" (data range {value:g4})") : "");
    }
}
