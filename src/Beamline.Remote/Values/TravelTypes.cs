namespace Beamline.Remote;

/// <summary>Which types travel with the codecs of Beamline.</summary>
internal static class TravelTypes
{
    /// <inheritdoc cref="ValueCodecs.Refusal"/>
    public static string? Refusal(Type type) => new ValueCodecs().Refusal(type);
}
