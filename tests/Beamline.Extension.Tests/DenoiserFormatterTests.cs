using System.Reflection;
using Beamline.Arrays;
using Beamline.Extension.Formatting;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Tests;

public sealed class DenoiserFormatterTests
{
    private static readonly ModelCard Card = new([new("network", "U-Net <b>medium</b>"), new("data sha256", "abc")]);

    [Fact]
    public void A_card_is_a_table_and_lines_of_text()
    {
        var bundle = Registered.Instance.FormatterOf(typeof(ModelCard)).Format(Card);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Equal(2, html.Split("<tr>").Length - 1);
        Assert.Contains("&lt;b&gt;medium", html);
        Assert.DoesNotContain("<b>", html);
        Assert.Equal("network      U-Net <b>medium</b>\ndata sha256  abc", bundle.Parts[MimeTypes.Text]);
    }

    [Fact]
    public void A_denoiser_shows_its_card_also_where_only_its_attribute_is_known()
    {
        Assert.True(Registered.Instance.FormatterOf(typeof(Denoiser)).CanFormat(typeof(Denoiser)));
        Assert.IsType<DenoiserFormatter>(Registered.Instance.FormatterOf(typeof(Denoiser)));
        foreach (var type in new[] { typeof(Denoiser), typeof(ModelCard) })
        {
            var attribute = type.GetCustomAttribute<TypeFormatterSourceAttribute>()!;
            Assert.Equal(typeof(DenoiserFormatterSource), attribute.FormatterSourceType);
            Assert.Equal(["text/html", "text/plain"], attribute.PreferredMimeTypes);
        }

        var parts = new DenoiserFormatterSource().CreateTypeFormatters().Cast<Display.BundlePartFormatter>();
        using var writer = new StringWriter();
        Assert.True(parts.Single(p => p.MimeType == MimeTypes.Text).Format(Card, writer));
        Assert.Contains("data sha256  abc", writer.ToString());
    }
}
