namespace Beamline.Kernel;

/// <summary>In what order things that match equally well are offered.</summary>
internal enum OfferTier
{
    Expected,
    Local,
    Member,
    Function,
    Keyword,
    Type,
    Namespace,
    Last,
    Unimported,
}

/// <summary>Collects what fits what was typed, and puts it in order.</summary>
internal sealed class CompletionBuilder(string typed)
{
    private const int MostOffered = 500;

    // Signatures take the compiler some 20 microseconds each; nobody reads the ones far down.
    private const int MostSignatures = 100;

    private readonly Dictionary<string, Offer> _offers = new(StringComparer.Ordinal);

    public string Typed => typed;

    public bool Has(string text) => _offers.ContainsKey(text);

    /// <summary>Offers a text when its name matches.</summary>
    /// <param name="name">What is compared with what was typed.</param>
    /// <param name="kind">The kind of the thing.</param>
    /// <param name="tier">Its place among equally good matches.</param>
    /// <param name="signature">Gives its signature, asked only when it is shown.</param>
    /// <param name="text">What is inserted; the name when not given.</param>
    public void Add(string name, string kind, OfferTier tier, Func<string>? signature = null, string? text = null)
    {
        var rank = NameMatcher.Rank(name, typed);
        if (rank == NameMatcher.NoMatch)
        {
            return;
        }

        var offer = new Offer(text ?? name, kind, rank, tier, signature);
        if (!_offers.TryGetValue(offer.Text, out var known) || offer.CompareTo(known) < 0)
        {
            _offers[offer.Text] = offer;
        }
    }

    public CompletionList Build(int start, int end) => new(
        [.. _offers.Values.Order().Take(MostOffered).Select((offer, i) => new CompletionItem(offer.Text, offer.Kind)
        {
            Signature = i < MostSignatures ? offer.Signature?.Invoke() ?? "" : "",
        })],
        start,
        end);

    private sealed record Offer(string Text, string Kind, int Rank, OfferTier Tier, Func<string>? Signature) : IComparable<Offer>
    {
        public int CompareTo(Offer? other) => other is null ? 1
            : Rank != other.Rank ? Rank.CompareTo(other.Rank)
            : Tier != other.Tier ? Tier.CompareTo(other.Tier)
            : string.Compare(Text, other.Text, StringComparison.OrdinalIgnoreCase) is var order and not 0 ? order
            : string.CompareOrdinal(Text, other.Text);
    }
}
