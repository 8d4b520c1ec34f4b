using System.Net;
using Beamline.Arrays;
using Beamline.Display;
using Beamline.Extension.Formatting;
using Beamline.Learning;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Tests;

/// <summary>A comparison is tables, pictures in one window and curves; nothing in it is taken as markup.</summary>
public sealed class ComparisonFormatterTests
{
    [Fact]
    public void A_comparison_shows_tables_pictures_and_curves()
    {
        var comparison = Make(64);
        var bundle = Registered.Instance.FormatterOf(typeof(DenoisingComparison)).Format(comparison);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Contains("PSNR (dB)", html);
        Assert.Contains("31.25", html);
        Assert.Contains("Slices, against exact projections (data range 2.5)", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("&lt;script&gt;", html);
        // The reference and three rows.
        Assert.Equal(4, html.Split("alt=\"slice, ").Length - 1);
        Assert.Contains("Fourier ring correlation of slices", html);
        Assert.Contains("Noise power spectrum of slices", html);
        Assert.Equal(comparison.ToString(), bundle.Parts[MimeTypes.Text]);
        var source = new ComparisonFormatterSource().CreateTypeFormatters().Cast<BundlePartFormatter>().Single(p => p.MimeType == MimeTypes.Html);
        using var writer = new StringWriter();
        Assert.True(source.Format(comparison, writer));
        Assert.Equal(html, writer.ToString());
    }

    [Fact]
    public void Curves_of_all_methods_are_in_one_chart()
    {
        var chart = Make(64).ToCorrelationChart().ToLine();
        Assert.Contains("network", chart);
        Assert.Contains("half-bit", chart);
        Assert.Contains("as measured", Make(64).ToNoisePowerChart().ToLine());
        Assert.Contains("smaller than 8 x 8", Assert.Throws<ArgumentException>(() => Make(64).ToCorrelationChart(ComparisonDomain.Projections)).Message);
        var tiny = new ComparisonFormatter().Format(Make(4));
        Assert.DoesNotContain("Fourier ring correlation", (string)tiny.Parts[MimeTypes.Html]);
    }

    private static DenoisingComparison Make(int size)
    {
        var random = new Random(1);
        Image Picture(double noise)
        {
            var image = new Image(size, size);
            for (var i = 0; i < image.Values.Length; i++)
            {
                image.Values[i] = (float)(Math.Sin(i / 9.0) + (noise * random.NextDouble()));
            }

            return image;
        }

        var truth = Picture(0);
        ComparisonRow Row(string name, string parameter, double noise)
        {
            var picture = Picture(noise);
            var row = new ComparisonRow { Method = name, Parameter = parameter, Domain = ComparisonDomain.Slices, PsnrDecibels = 31.25, Picture = picture };
            return size < 8 ? row : row with { Correlation = FourierCorrelation.Between(truth, picture), NoisePower = NoisePowerSpectrum.Of(picture) };
        }

        return new DenoisingComparison
        {
            Slices = [Row("as measured", "", 1), Row("network", "UNet", 0.1), Row("Gaussian", "<script>alert(1)</script>", 0.3)],
            Reference = "against exact projections", SliceDataRange = 2.5, ReferenceSlice = truth, Notes = [$"<b>{WebUtility.HtmlEncode("a note")}</b>"],
        };
    }
}
