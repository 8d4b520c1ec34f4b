using System.Reflection;

namespace Beamline.Arrays.Tests;

/// <summary>The convention by which a host that knows nothing of us finds our formatters: names only.</summary>
public sealed class TypeFormatterSourceTests
{
    [Theory]
    [InlineData(typeof(Volume)), InlineData(typeof(ProjectionStack)), InlineData(typeof(Sinogram)), InlineData(typeof(Image))]
    public void Shown_types_name_a_source_as_a_host_looks_for_it(Type type)
    {
        var attribute = type.GetCustomAttributes(inherit: true).Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        var properties = attribute.GetType();
        Assert.Equal(typeof(Type), properties.GetProperty("FormatterSourceType")!.PropertyType);
        var mimeTypes = (string[])properties.GetProperty("PreferredMimeTypes")!.GetValue(attribute)!;
        Assert.Equal("text/html", mimeTypes[0]);
        Assert.Contains("text/plain", mimeTypes);
    }

    [Fact]
    public void A_stack_inherits_the_source_of_its_base() =>
        Assert.NotNull(typeof(MemoryProjectionStack).GetCustomAttribute<TypeFormatterSourceAttribute>(inherit: true));

    [Fact]
    public void A_source_whose_assembly_is_not_there_is_null()
    {
        // This test project does not carry Beamline.Display: a program without notebook must not fail over that.
        var attribute = new TypeFormatterSourceAttribute("Beamline.Display.ArrayFormatterSource, Beamline.Display");
        Assert.Null(attribute.FormatterSourceType);
        Assert.Equal(typeof(Volume), new TypeFormatterSourceAttribute(typeof(Volume).AssemblyQualifiedName!).FormatterSourceType);
    }
}
