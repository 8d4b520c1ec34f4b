using System.Text.Json.Nodes;

namespace Beamline.Notebook.Tests;

public sealed class MimeBundleTests
{
    [Fact]
    public void Adding_a_part_leaves_the_earlier_bundle_alone()
    {
        var text = MimeBundle.FromText("a volume");
        var both = text.With(MimeTypes.Html, "<b>a volume</b>");
        var all = both.With(MimeTypes.Png, [1, 2, 3]).With(MimeTypes.Plotly, new JsonObject { ["data"] = new JsonArray() });
        Assert.Empty(MimeBundle.Empty.Parts);
        Assert.Equal([MimeTypes.Text], text.Parts.Keys);
        Assert.Equal(2, both.Parts.Count);
        Assert.Equal("a volume", all.Parts[MimeTypes.Text]);
        Assert.Equal<byte[]>([1, 2, 3], (byte[])all.Parts[MimeTypes.Png]);
        Assert.IsType<JsonObject>(all.Parts[MimeTypes.Plotly]);
    }

    [Fact]
    public void A_part_of_the_same_type_replaces_the_earlier_one()
    {
        var first = MimeBundle.FromText("1");
        Assert.Equal("2", first.With(MimeTypes.Text, "2").Parts[MimeTypes.Text]);
        Assert.Equal("1", first.Parts[MimeTypes.Text]);
    }

    [Fact]
    public void Metadata_is_added_without_changing_the_earlier_bundle_and_survives_new_parts()
    {
        var plain = MimeBundle.Empty.With(MimeTypes.Png, [1]);
        var sized = plain.WithMetadata(MimeTypes.Png, new JsonObject { ["width"] = 640 });
        Assert.Empty(plain.Metadata);
        Assert.Equal(640, (int)sized.With(MimeTypes.Text, "x").Metadata[MimeTypes.Png]["width"]!);
        Assert.Equal(plain.Parts, sized.Parts);
        var both = sized.WithMetadata(MimeTypes.Html, new JsonObject { ["isolated"] = true });
        Assert.Equal([MimeTypes.Png, MimeTypes.Html], both.Metadata.Keys);
        Assert.Single(sized.Metadata);
    }

    [Fact]
    public void HTML_comes_with_plain_text()
    {
        var bundle = MimeBundle.FromHtml("<b>x</b>", "x");
        Assert.Equal("<b>x</b>", bundle.Parts[MimeTypes.Html]);
        Assert.Equal("x", bundle.Parts[MimeTypes.Text]);
    }

    [Fact]
    public void Nothing_is_not_a_part()
    {
        Assert.Throws<ArgumentException>(() => MimeBundle.Empty.With("", "x"));
        Assert.Throws<ArgumentNullException>(() => MimeBundle.Empty.With(MimeTypes.Text, (string)null!));
        Assert.Throws<ArgumentNullException>(() => MimeBundle.Empty.With(MimeTypes.Png, (byte[])null!));
        Assert.Throws<ArgumentNullException>(() => MimeBundle.Empty.With(MimeTypes.Json, (JsonNode)null!));
        Assert.Throws<ArgumentNullException>(() => MimeBundle.Empty.WithMetadata(MimeTypes.Png, null!));
        Assert.Throws<ArgumentException>(() => MimeBundle.Empty.WithMetadata("", new JsonObject()));
    }
}
