using System.Text.Json;
using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>What must be the same when a network of Noise2Inverse is applied as when it was trained; kept in the facts of the denoiser.</summary>
internal sealed record SplitRecipe(
    int Splits, SplitStrategy Strategy, FbpFilter Filter, double Cutoff, SinogramPadding Padding, bool MaskOutsideCircle, int Views, string Unit)
{
    /// <summary>Its name among the facts of a denoiser.</summary>
    internal const string Fact = "noise2inverse";

    /// <summary>The unit of attenuation that a reconstruction of a stack has.</summary>
    public static string UnitOf(ProjectionStack projections) =>
        (projections.PixelSize is null ? Quantity.AttenuationPerPixel : Quantity.AttenuationPerCentimeter).Unit;

    /// <summary>The recipe in the facts of a denoiser; null when it was trained otherwise.</summary>
    /// <exception cref="InvalidDataException">There is one that cannot be read.</exception>
    public static SplitRecipe? Of(IReadOnlyDictionary<string, string> facts)
    {
        try
        {
            return facts.TryGetValue(Fact, out var text) ? JsonSerializer.Deserialize<SplitRecipe>(text, TrainingMessage.Json) : null;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"This denoiser says of its training '{facts[Fact]}', which cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>How slices are made.</summary>
    public FbpOptions ToFbp() => new() { Filter = Filter, Cutoff = Cutoff, Padding = Padding, MaskOutsideCircle = MaskOutsideCircle };

    /// <summary>Puts it into facts.</summary>
    public void Store(Dictionary<string, string> facts) => facts[Fact] = JsonSerializer.Serialize(this, TrainingMessage.Json);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Splits} parts, {(Strategy == SplitStrategy.ManyToOne ? $"{Splits - 1}:1" : $"1:{Splits - 1}")}, FBP {Filter}" + (Cutoff < 1 ? FormattableString.Invariant($" to {Cutoff:0.##}") : "");
}
