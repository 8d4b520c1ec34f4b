using System.Globalization;
using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>What a denoiser is, what it may be applied to, and how it came about: name and value in the order to be read.</summary>
/// <param name="Rows">The rows of the card.</param>
[TypeFormatterSource("Beamline.Extension.Formatting.DenoiserFormatterSource, Beamline.Extension", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record ModelCard(IReadOnlyList<KeyValuePair<string, string>> Rows)
{
    // What the facts of a training are called there and here; others follow as they are.
    private static readonly string[] First = ["mode", "quantity", "pairs", "loss", "adversarial", "steps", "batch", "learning rate", "seed"];

    internal static ModelCard Of(Denoiser denoiser)
    {
        var rows = new List<KeyValuePair<string, string>>();
        var network = denoiser.Network;
        Add("network", $"{network.Name}" + (network.Kind == NetworkKind.TorchScript ? "" : FormattableString.Invariant(
            $" ({network.Kind}, {(network.Depth > 0 ? $"{network.Depth} layers of {network.Widths[0]} maps" : string.Join("-", network.Widths) + " maps")})")));
        Add("weights", FormattableString.Invariant($"{network.ParameterCount:N0} ({network.ParameterCount * 4 / 1e6:0.##} MB)"));
        Add("reach", $"{network.ReceptiveRadiusPixels} pixels: tiles overlap by that");
        Add("memory", FormattableString.Invariant($"{network.BytesPerPixel * 1.048576:0} MB for each megapixel, in tiles of at most {NetworkInference.UsualTileBytes >> 20} MB"));
        Add("takes", network.InputChannels == 1 ? "one image" : $"an image with {network.InputChannels - 1} neighbors; the middle one is denoised");
        Add("apply to", AppliesTo(denoiser));
        foreach (var name in First.Concat(denoiser.Facts.Keys.Where(k => !First.Contains(k) && k is not ("data sha256" or SplitRecipe.Fact))).Append("data sha256"))
        {
            if (denoiser.Facts.TryGetValue(name, out var value) && name != "quantity")
            {
                Add(name == "mode" ? "trained by" : name, value);
            }
        }

        if (denoiser.Report is { } report)
        {
            var before = report.History.Count > 0 && report.History[0].Step == 0 ? report.History[0].HeldOutRmse : double.NaN;
            Add("held-out RMSE", FormattableString.Invariant($"{report.BestHeldOutRmse:g4} at step {report.BestStep}") +
                (double.IsFinite(before) ? FormattableString.Invariant($" (before training {before:g4}); noise of the targets is part of it") : ""));
            Add("training", FormattableString.Invariant($"{report.End} after {(report.History.Count > 0 ? report.History[^1].Step : 0)} steps, {report.CpuSeconds:0} s of processor time"));
        }
        else
        {
            Add("training", "not known");
        }

        return new ModelCard(rows);

        void Add(string name, string value) => rows.Add(new(name, value));
    }

    /// <summary>The card as lines of text.</summary>
    public override string ToString()
    {
        var width = Rows.Max(r => r.Key.Length);
        return string.Join('\n', Rows.Select(r => $"{r.Key.PadRight(width)}  {r.Value}"));
    }

    private static string AppliesTo(Denoiser denoiser)
    {
        var scale = denoiser.Scale.ToString("g4", CultureInfo.InvariantCulture);
        if (SplitRecipe.Of(denoiser.Facts) is { } recipe)
        {
            return $"scans of this kind of sample, by denoiser.Reconstruct(projections, axis); slices in {recipe.Unit}, root mean square {scale} (1 inside the network)";
        }

        return denoiser.Facts.TryGetValue("quantity", out var quantity) && quantity.Length > 0
            ? $"{quantity}, values up to about {scale} (1 inside the network), with noise like that of the training"
            : $"values in the units of its training, up to about {scale} (1 inside the network)";
    }
}
