using System.Text.RegularExpressions;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Display;
using Beamline.Tomography;
using Microsoft.DotNet.Interactive.Formatting;

namespace Beamline.FrozenHost.Tests;

/// <summary>Microsoft's own formatter, which knows nothing of us, shows our types by the attribute that they carry.</summary>
public sealed class FormatterConventionTests
{
    private static Image Picture() => new(2, 3, [0, 1, 2, 3, 4, 5]);

    [Fact]
    public void Pictures_are_shown_as_our_own_kernel_shows_them()
    {
        var image = Picture();
        Assert.Equal(["text/html", "image/png", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Image)));
        var ours = image.View();
        Assert.Equal(ours.Html, image.ToDisplayString("text/html"));
        Assert.Equal(Convert.ToBase64String(ours.Png), image.ToDisplayString("image/png"));
        Assert.Equal(ours.Text, image.ToDisplayString("text/plain"));
        Assert.Matches(new Regex("<img[^>]+data:image/png;base64,"), ours.Html);
        Assert.Equal(ours.Html, ours.ToDisplayString("text/html"));
    }

    [Theory]
    [InlineData(typeof(Volume)), InlineData(typeof(Image)), InlineData(typeof(Sinogram)), InlineData(typeof(ProjectionStack))]
    [InlineData(typeof(PictureView))]
    public void Shown_types_offer_a_picture(Type type) =>
        Assert.Equal(["text/html", "image/png", "text/plain"], Formatter.GetPreferredMimeTypesFor(type));

    public static TheoryData<object> Values =>
    [
        Length.FromMicrometers(0.65), new Quantity("attenuation", "1/m"), Device.Cpu, ComputeDevices.List()[0],
    ];

    [Theory, MemberData(nameof(Values))]
    public void Small_values_are_one_line_and_no_table(object value)
    {
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(value.GetType()));
        Assert.Equal(value.ToString(), value.ToDisplayString("text/plain"));
        Assert.Equal($"<span>{System.Net.WebUtility.HtmlEncode(value.ToString())}</span>", value.ToDisplayString("text/html"));
    }

    [Theory]
    [InlineData(typeof(Image)), InlineData(typeof(RotationAxis)), InlineData(typeof(ReconstructionPlan)), InlineData(typeof(VoxelSize))]
    [InlineData(typeof(Provenance)), InlineData(typeof(DeviceInfo)), InlineData(typeof(ReferenceFrames)), InlineData(typeof(TomographyScan))]
    public void Every_named_source_is_there(Type type)
    {
        var attribute = type.GetCustomAttributes(false).OfType<Beamline.Arrays.TypeFormatterSourceAttribute>().Single();
        Assert.NotNull(attribute.FormatterSourceType);
    }

    [Fact]
    public void A_type_without_the_attribute_is_shown_by_the_host_alone() =>
        Assert.DoesNotContain("<span>", new Unmarked(3).ToDisplayString("text/plain"));

    private sealed record Unmarked(int A);
}
