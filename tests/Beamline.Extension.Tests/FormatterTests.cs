using System.Net;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Tests;

/// <summary>How scans and small values are shown.</summary>
public sealed class FormatterTests(SmallScan small) : IClassFixture<SmallScan>
{
    [Fact]
    public void A_scan_is_a_table_and_its_first_projection()
    {
        var name = "a<b>&.h5";
        File.Copy(small.PathOf("small.h5"), small.PathOf(name), overwrite: true);
        using var scan = TomographyScan.Open(small.PathOf(name));
        var bundle = Registered.Instance.FormatterOf(typeof(TomographyScan)).Format(scan);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Contains("a&lt;b&gt;&amp;.h5", html, StringComparison.Ordinal);
        Assert.DoesNotContain(name, html, StringComparison.Ordinal);
        Assert.DoesNotContain(small.Folder, html, StringComparison.Ordinal);
        Assert.Contains("24 of 4 ", html, StringComparison.Ordinal);
        Assert.Contains("uint16", html, StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode("0° to 172.5°, 7.5° apart"), html, StringComparison.Ordinal);
        Assert.Contains(">2, 2<", html, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Equal(scan.ToString(), bundle.Parts[MimeTypes.Text]);
        Assert.Equal([0x89, 0x50, 0x4e, 0x47], ((byte[])bundle.Parts[MimeTypes.Png])[..4]);
    }

    [Fact]
    public void Small_values_are_one_line_escaped()
    {
        var axis = new RotationAxis(98.9) { Method = "<b>vo</b>", UncertaintyPixels = 0.1 };
        var bundle = Registered.Instance.FormatterOf(typeof(RotationAxis)).Format(axis);
        Assert.Equal("rotation axis at column 98.90 ± 0.1 px (<b>vo</b>)", bundle.Parts[MimeTypes.Text]);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Contains("&lt;b&gt;vo", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);

        var plan = Reconstruction.Plan(small.Scan.Frames);
        Assert.Equal(plan.ToString(), Registered.Instance.FormatterOf(typeof(ReconstructionPlan)).Format(plan).Parts[MimeTypes.Text]);
        Assert.Contains("4 slices of 32 x 32", plan.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_is_a_strip_with_the_best_slice_framed()
    {
        var sweep = RotationAxis.Sweep(small.Scan.Normalize().MinusLog(), new AxisSweepOptions { FromColumn = 12.5, ToColumn = 18.5, Count = 7 });
        // 24 noisy views of 32 columns: one candidate beside the right one may win.
        Assert.InRange(sweep.Best.Column, 14.5, 16.5);
        var best = sweep.Best.Column.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var bundle = Registered.Instance.FormatterOf(typeof(AxisSweep)).Format(sweep);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Equal(7, html.Split("data:image/png;base64,").Length - 1);
        Assert.Single(html.Split("solid #d62728")[1..]);
        // The frame is around the slice that is said to be the best.
        Assert.Matches($"solid #d62728\"><img[^>]*alt=\"slice with the axis at column {best}: [^>]*><figcaption[^>]*>{best}: [^<]* \\(best\\)<", html);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Contains($"{best} (best entropy)", (string)bundle.Parts[MimeTypes.Text], StringComparison.Ordinal);
        Assert.Equal([0x89, 0x50, 0x4e, 0x47], ((byte[])bundle.Parts[MimeTypes.Png])[..4]);
    }

    [Fact]
    public void Every_noun_has_a_formatter()
    {
        foreach (var type in new[]
        {
            typeof(TomographyScan), typeof(MemoryProjectionStack), typeof(Sinogram), typeof(Image), typeof(Volume), typeof(RotationAxis),
            typeof(ReconstructionPlan), typeof(AxisSweep), typeof(Provenance), typeof(Length), typeof(Device), typeof(DeviceInfo), typeof(ReferenceFrames),
        })
        {
            Assert.True(Registered.Instance.Formatters.Any(f => f.CanFormat(type)), type.Name);
        }

        Assert.DoesNotContain(Registered.Instance.Formatters, f => f.CanFormat(typeof(string)) || f.CanFormat(typeof(int[])));
    }

    [Fact]
    public void Names_are_registered_once()
    {
        var names = Registered.Instance.Commands.Select(c => c.Descriptor.Name).ToArray();
        Assert.Equal(names.Distinct(), names);
        Assert.Equal(["attach", "cancel", "center", "denoise", "device", "endpoint", "histogram", "jobs", "normalize", "open", "profile", "recon", "remote", "save", "view"], names.Order(StringComparer.Ordinal));
        Assert.Equal(Registered.Instance.Usings.Distinct(), Registered.Instance.Usings);
        Assert.Equal(Registered.Instance.References.Distinct(), Registered.Instance.References);
    }
}
