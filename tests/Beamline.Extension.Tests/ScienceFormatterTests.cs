using System.Reflection;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Data.Simulation;
using Beamline.Display;
using Beamline.Extension.Formatting;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Tests;

/// <summary>What results look like, and that each has a look of its own.</summary>
public sealed class ScienceFormatterTests(SmallScan small) : IClassFixture<SmallScan>
{
    // Stores, writers and what is simulated: somebody works with them, and no cell ends with one. The kernel shows a table of their properties.
    private static readonly Type[] Workers =
        [typeof(ArrayMemory<>), typeof(InterleavedSlab), typeof(VolumeWriter), typeof(ProjectionWriter), typeof(SlabSolution), typeof(Specimen), typeof(Phantom), typeof(EllipsoidPhantom), typeof(FoamPhantom), typeof(RunJob), typeof(SilentJobs)];

    [Fact]
    public void A_history_is_a_chart_a_table_and_a_line()
    {
        var history = new ConvergenceHistory(Enumerable.Range(0, 30).Select(i => new IterationRecord(i, Math.Pow(0.8, i), 100 * Math.Pow(0.6, i), i == 0 ? double.NaN : 1.0 / i)));
        var bundle = Show(history);
        Assert.True(bundle.Parts.ContainsKey(MimeTypes.Plotly));
        Assert.Equal("Convergence: 29 iterations, residual 100 % to 0.15 %, last change 3.448 %", bundle.Parts[MimeTypes.Text]);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Contains("<svg", html);
        Assert.Contains("… 10 more", html);
        Assert.Equal(20, html.Split("<tr>").Length - 1 - 2);
        Assert.Equal("Convergence: no iteration", Show(new ConvergenceHistory([])).Parts[MimeTypes.Text]);
    }

    [Fact]
    public void A_correlation_shows_both_thresholds_and_its_resolution_in_physical_units()
    {
        var image = new Image(16, 16) { PixelSizeX = Length.FromNanometers(40), PixelSizeY = Length.FromNanometers(40) };
        for (var i = 0; i < 256; i++)
        {
            image.Values[i] = i * 7919 % 256;
        }

        var bundle = Show(FourierCorrelation.Between(image, image));
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Contains("half-bit", html);
        Assert.Contains("0.143 (1/7)", html);
        Assert.Contains("spatial frequency (1/nm)", html);
        Assert.Contains("80 nm (2 px)", (string)bundle.Parts[MimeTypes.Text]);
        Assert.Contains("noise power (px²)", System.Net.WebUtility.HtmlDecode((string)Show(NoisePowerSpectrum.Of(new Image(16, 16, image.Values.ToArray()))).Parts[MimeTypes.Html]));
    }

    [Fact]
    public void An_iterative_result_shows_its_volume_and_how_it_came_about()
    {
        using var result = IterativeReconstruction.Run(small.Scan.Normalize().MinusLog(), options: new IterativeOptions { Method = IterativeMethod.Sirt, Iterations = 3 });
        var bundle = Show(result);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Contains("<svg", html);
        Assert.Contains("data:image/png", html);
        Assert.Contains("3 iterations", (string)bundle.Parts[MimeTypes.Text]);
    }

    [Fact]
    public void Sources_named_by_attributes_give_the_same_as_the_registered_formatters()
    {
        var history = new ConvergenceHistory([new(0, 1, 1, double.NaN), new(1, 0.5, 0.3, 0.4)]);
        var geometry = new ParallelGeometry([0, 90], 8);
        foreach (var value in new object[] { history, geometry, new RotationAxis(3) })
        {
            var source = value.GetType().GetCustomAttribute<TypeFormatterSourceAttribute>(inherit: true)!.FormatterSourceType!;
            var registered = Show(value);
            var parts = Assert.IsAssignableFrom<BundleFormatterSource>(Activator.CreateInstance(source)).CreateTypeFormatters().Cast<BundlePartFormatter>();
            foreach (var part in parts.Where(p => p.MimeType is MimeTypes.Html or MimeTypes.Text))
            {
                using var writer = new StringWriter();
                Assert.True(part.Format(value, writer));
                Assert.Equal(registered.Parts[part.MimeType], writer.ToString());
            }
        }
    }

    [Fact]
    public void Every_type_that_a_user_gets_as_a_result_has_a_look_of_its_own()
    {
        Assembly[] science = [typeof(Volume).Assembly, typeof(RunContext).Assembly, typeof(TomographyScan).Assembly, typeof(Reconstruction).Assembly];
        var results = science.SelectMany(a => a.GetExportedTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(m => m.ReturnType)
                .Concat(type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(p => p.PropertyType)))
            .SelectMany(Parts)
            .Where(type => science.Contains(type.Assembly) && type.IsVisible && !type.IsGenericParameter && !type.IsEnum && !type.IsInterface && !type.IsByRefLike && !typeof(Delegate).IsAssignableFrom(type))
            .Distinct().ToArray();
        Assert.True(results.Length > 40, $"{results.Length}");
        var poor = results.Where(type => !Workers.Contains(type) && !HasLook(type)).Select(type => type.FullName).Order().ToArray();
        Assert.True(poor.Length == 0, "Neither a formatter nor a ToString: " + string.Join(", ", poor));
        Assert.All(Workers, type => Assert.False(HasLook(type), $"{type.Name} has a look now: take it from the list."));
    }

    [Fact]
    public void Datasets_are_a_tree_with_escaped_names()
    {
        var html = DatasetTree.Html([new("/exchange/data", [3, 4], "uint16"), new("/exchange/<script>alert(1)</script>", [], "string"), new("/top", [1], "float32")]);
        Assert.Contains("<summary>3 datasets</summary>", html);
        Assert.Contains("exchange/\n  data  [3,4] uint16\n", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("&lt;script&gt;", html);
        Assert.Contains("\ntop  [1] float32", html);
        Assert.Contains("… 40 more", DatasetTree.Html([.. Enumerable.Range(0, 100).Select(i => new Hdf5DatasetInfo($"/d{i}", [1], "int8"))]));
        Assert.Contains("datasets</summary>", (string)Show(small.Scan).Parts[MimeTypes.Html]);
        Assert.Equal("", DatasetTree.Html("/absent/a.h5"));
    }

    [Fact]
    public void Devices_and_plans_are_tables()
    {
        var devices = Show(ComputeDevices.List());
        Assert.Contains("auto takes", (string)devices.Parts[MimeTypes.Html]);
        Assert.Contains("(auto)", (string)devices.Parts[MimeTypes.Text]);
        var evil = Show(new List<DeviceInfo> { new(Device.Cpu, "<script>", 1L << 34) });
        Assert.DoesNotContain("<script", (string)evil.Parts[MimeTypes.Html]);
        Assert.Contains("16.0 GiB", (string)evil.Parts[MimeTypes.Html]);
        Assert.Contains("expected time", (string)Show(Reconstruction.Plan(small.Scan.Frames)).Parts[MimeTypes.Html]);
    }

    private static bool HasLook(Type type) =>
        Registered.Instance.Formatters.Any(f => f.CanFormat(type)) ||
        type.GetCustomAttributes(inherit: true).Any(a => a.GetType().Name == "TypeFormatterSourceAttribute") ||
        // Of records the kernel makes a table of their properties.
        type.GetMethod("ToString", Type.EmptyTypes)?.DeclaringType is { } owner && owner != typeof(object) && owner != typeof(ValueType);

    private static IEnumerable<Type> Parts(Type type) => type.IsGenericType
        ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : type.HasElementType ? Parts(type.GetElementType()!) : [type];

    private static MimeBundle Show(object value) => Registered.Instance.FormatterOf(value.GetType()).Format(value);
}
