using System.Reflection;
using System.Text.Json;
using Beamline.Arrays;
using Beamline.Data;
using Beamline.Data.Simulation;
using Beamline.Display;
using Beamline.Extension.Remote;
using Beamline.Learning;
using Beamline.Remote;
using Beamline.Tomography;

namespace Beamline.Extension.Tests;

/// <summary>What a scientist keeps in variables travels to other machines and back.</summary>
public sealed class TravelTests
{
    // Files that are open, memory of one process, and what is made anew from its parts.
    private static readonly string[] Stay =
    [
        "Hdf5File", "InterleavedSlab", "LiveScan", "ParallelProjector", "ProjectionWriter", "ReferenceFrames", "SlabSolution", "TrainingRun", "VectorProjector", "VolumeWriter",
    ];

    private static ValueCodecs Codecs => new([new DenoiserCodec()]);

    [Fact]
    public void Only_what_is_alive_stays()
    {
        Assembly[] science = [typeof(Volume).Assembly, typeof(TomographyScan).Assembly, typeof(Reconstruction).Assembly, typeof(Learning.Denoiser).Assembly];
        var stay = science.Distinct().SelectMany(a => a.GetExportedTypes())
            .Where(t => t is { IsEnum: false, IsInterface: false, IsAbstract: false, IsGenericTypeDefinition: false, IsByRefLike: false } &&
                !typeof(Exception).IsAssignableFrom(t) && !typeof(Delegate).IsAssignableFrom(t) && !typeof(Attribute).IsAssignableFrom(t))
            .Select(t => (t.Name, Why: Codecs.Refusal(t))).Where(t => t.Why is not null && !Stay.Contains(t.Name))
            .Select(t => $"{t.Name}: {t.Why}");
        Assert.Empty(stay);
    }

    public static TheoryData<object> Values =>
    [
        new FbpOptions { Filter = FbpFilter.Hann, Cutoff = 0.7 },
        new IterativeOptions { Method = IterativeMethod.TvFista, Iterations = 7, Regularization = 1e-3, NonNegative = true },
        new BadPixelOptions(new Image(2, 3, [0, 1, 0, 0, 0, 1])),
        new BeamHardeningOptions(0, 1.1, 0.03),
        new DoseOptions([1, 2, 3]),
        new DistortionOptions(4.5, 3, 1, 1e-4),
        new ShiftOptions([0.5, -1], [2, 3]),
        new PreprocessingPipeline(new MinusLogOptions { Floor = 0.01 }, new StripeOptions { Method = StripeMethod.All }),
        new ViewOptions { Map = ColorMap.Viridis, Window = ValueWindow.Percent(0.5, 99) },
        new FoamPhantom(new FoamOptions { CylinderRadius = 12, PoreCount = 3, LargestRadius = 3, Seed = 5 }),
        new ConvergenceHistory([new IterationRecord(0, 1, 2, double.NaN), new IterationRecord(1, 0.5, 1, 0.1)]),
    ];

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void Options_and_results_arrive_as_they_were(object value)
    {
        using var scan = new SmallScan();
        var (codecs, store) = (Codecs, new ArrayStore(scan.PathOf("store")));
        var sent = codecs.Encode("x", "T", value.GetType(), value, store).Value;
        var arrived = codecs.Decode(sent, value.GetType(), a => store.PathOf(a.Sha256))!;
        Assert.NotSame(value, arrived);
        Assert.Equal(value.ToString(), arrived.ToString());
        Assert.Equal(Text(sent), Text(codecs.Encode("x", "T", value.GetType(), arrived, store).Value));

        static string Text(JobValue value) => JsonSerializer.Serialize(value, JobJson.Options);
    }

    [Fact]
    public void A_function_within_options_is_named()
    {
        var options = new FbpOptions { Response = f => f };
        Assert.Contains("'options.Response' cannot travel: Func<double, double> is a delegate", Assert.Throws<EndpointException>(() => Codecs.Encode("options", "FbpOptions", typeof(FbpOptions), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_iterative_result_has_its_volume_and_its_history()
    {
        using var scan = new SmallScan();
        using var made = IterativeReconstruction.Run(scan.Scan.Normalize().MinusLog(), new RotationAxis(15.5), new IterativeOptions { Method = IterativeMethod.Sirt, Iterations = 3 });
        var (codecs, store) = (Codecs, new ArrayStore(scan.PathOf("store")));
        var sent = codecs.Encode("x", "IterativeResult", typeof(IterativeResult), made, store).Value;
        using var arrived = (IterativeResult)codecs.Decode(sent, typeof(IterativeResult), a => store.PathOf(a.Sha256))!;
        Assert.Equal(made.History, arrived.History);
        Assert.Equal(made.Stops, arrived.Stops);
        Assert.True(made.Volume.Slice(1).SequenceEqual(arrived.Volume.Slice(1)));
        Assert.Equal(made.ToString(), arrived.ToString());
    }

    [Fact]
    public void A_denoiser_arrives_with_its_weights_and_what_is_known_of_it()
    {
        using var scan = new SmallScan();
        var weights = new Dictionary<string, NamedTensor> { ["a"] = new NamedTensor([2, 3], [1, 2, 3, 4, 5, float.NaN]) };
        SafetensorsFile.Write(scan.PathOf("some.safetensors"), weights);
        var model = Denoiser.Import(scan.PathOf("some.safetensors"), DenoiserNetwork.UNetSmall, 2.5);
        var (codecs, store) = (Codecs, new ArrayStore(scan.PathOf("store")));
        foreach (var value in new object[] { model, new DenoiserEnsemble([model, model]) })
        {
            var sent = codecs.Encode("x", "T", value.GetType(), value, store).Value;
            var arrived = codecs.Decode(sent, value.GetType(), a => store.PathOf(a.Sha256));
            var one = arrived as Denoiser ?? ((DenoiserEnsemble)arrived!).Members[1];
            model.Save(scan.PathOf("sent"));
            one.Save(scan.PathOf("arrived"));
            Assert.Equal(File.ReadAllBytes(scan.PathOf("sent")), File.ReadAllBytes(scan.PathOf("arrived")));
        }

        var packed = codecs.Encode("x", "Denoiser", typeof(Denoiser), model, store).Value;
        var broken = packed with { Json = System.Text.Json.Nodes.JsonNode.Parse("[1,2,3]") };
        Assert.Throws<EndpointException>(() => codecs.Decode(broken, typeof(Denoiser), a => store.PathOf(a.Sha256)));
    }
}
