using System.Diagnostics.CodeAnalysis;

namespace Beamline.Remote.Tests;

/// <summary>Objects whose text says all travel as that.</summary>
public sealed class ParsableTests : IDisposable
{
    private readonly Journey _journey = new();

    public void Dispose() => _journey.Dispose();

    [Fact]
    public void One_of_a_set_arrives_as_that_one()
    {
        Assert.Same(Scheme.Warm, _journey.Send(Scheme.Warm));
        Assert.Same(Scheme.Warm, _journey.Send(new Holder(Scheme.Warm, null))!.Scheme);
        Assert.Null(_journey.Send(new Holder(Scheme.Warm, null))!.Other);
        Assert.Equal("text", _journey.Pack(Scheme.Warm).Codec);
        Assert.Equal(new Version(1, 2, 3), _journey.Send(new Version(1, 2, 3)));
    }

    [Fact]
    public void One_that_its_text_does_not_describe_is_refused()
    {
        Assert.Contains("the Scheme 'warm' is not what its name says: send its parts", _journey.Refused(new Scheme("warm", 9)).Replace("ParsableTests.", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("is not what its name says", _journey.Refused(new Scheme("green", 9)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"pink\"")]
    [InlineData("7")]
    [InlineData("{}")]
    public void Text_of_another_version_is_told(string json)
    {
        var packed = _journey.Pack(Scheme.Warm) with { Json = System.Text.Json.Nodes.JsonNode.Parse(json) };
        Assert.Contains("is the endpoint's Beamline another one?", Assert.Throws<EndpointException>(() => _journey.Unpack(packed, typeof(Scheme))).Message, StringComparison.Ordinal);
        Assert.Throws<EndpointException>(() => _journey.Unpack(packed, typeof(Uri)));
    }

    public sealed record Holder(Scheme Scheme, Scheme? Other);

    public sealed class Scheme : IParsable<Scheme>
    {
        private readonly int _shade;

        internal Scheme(string name, int shade) => (Name, _shade) = (name, shade);

        public static Scheme Warm { get; } = new("warm", 3);

        public string Name { get; }

        public int Shade => _shade;

        public static Scheme Parse(string s, IFormatProvider? provider) => throw new NotSupportedException();

        public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Scheme result) =>
            (result = s == "warm" ? Warm : null) is not null;

        public override string ToString() => Name;
    }
}
