using System.Text;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning.Tests;

/// <summary>Model files that are damaged or of another kind, and what cannot be applied.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(_folder, "d.safetensors");

    [Fact]
    public void A_file_of_another_version_says_which()
    {
        Write("beamline denoiser 7", "1");
        Assert.Contains("'beamline denoiser 7'; this version of Beamline reads 'beamline denoiser 1'", Assert.Throws<InvalidDataException>(() => Denoiser.Load(File)).Message);
    }

    [Fact]
    public void Weights_alone_are_asked_for_their_network()
    {
        SafetensorsFile.Write(File, new Dictionary<string, NamedTensor> { ["a"] = new([1], [1]) });
        Assert.Contains("Denoiser.Import", Assert.Throws<InvalidDataException>(() => Denoiser.Load(File)).Message);
    }

    [Fact]
    public void A_number_that_is_none_is_named()
    {
        Write("beamline denoiser 1", "big");
        Assert.Contains("cannot be read", Assert.Throws<InvalidDataException>(() => Denoiser.Load(File)).Message);
    }

    [Fact]
    public void A_cut_off_file_says_where()
    {
        Torch.Require();
        InferenceTests.Untrained(DenoiserNetwork.UNetSmall).Denoiser.Save(File);
        var bytes = System.IO.File.ReadAllBytes(File);
        foreach (var length in new[] { 0, 5, 200, bytes.Length / 2, bytes.Length - 1 })
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);
            Assert.Contains(length < 9 ? "no safetensors" : "cut off", Assert.Throws<InvalidDataException>(() => Denoiser.Load(File)).Message);
        }
    }

    [Fact]
    public void A_file_of_other_channels_is_refused_where_it_is_applied()
    {
        Torch.Require();
        InferenceTests.Untrained(DenoiserNetwork.UNetSmall with { InputChannels = 3 }).Denoiser.Save(File);
        var wrong = Denoiser.Import(File, DenoiserNetwork.UNetSmall, 1);
        Assert.Contains("another number of input channels", Assert.Throws<InvalidDataException>(() => wrong.Apply(new Image(32, 32))).Message);
        Assert.Equal(3, Denoiser.Load(File).Network.InputChannels);
    }

    [Fact]
    public void Short_memory_takes_smaller_tiles_then_says_so()
    {
        Torch.Require();
        var (denoiser, weights) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        var (rows, columns) = (260, 300);
        var random = new Random(1);
        var input = Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle()).ToArray();
        var (whole, small) = (new float[input.Length], new float[input.Length]);
        using (var inference = new NetworkInference(denoiser, weights))
        {
            inference.Apply(input, whole, rows, columns);
        }

        // libtorch's own words.
        static Action<long> Room(long most) => bytes =>
        {
            if (bytes > most)
            {
                throw new InvalidOperationException($"[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate {bytes} bytes. Error code 12 (Cannot allocate memory)");
            }
        };
        var warnings = new List<string>();
        using (RunContext.Use(new RunContext { Warning = warnings.Add }))
        using (var inference = new NetworkInference(denoiser, weights, Room(45_000 * denoiser.Network.BytesPerPixel)))
        {
            inference.Apply(input, small, rows, columns);
            Assert.True(inference.TileBytes < 45_000 * denoiser.Network.BytesPerPixel);
        }

        Assert.All(whole.Zip(small), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Contains(warnings, w => w.Contains("Memory is short", StringComparison.Ordinal));
        using var none = new NetworkInference(denoiser, weights, Room(0));
        var error = Assert.Throws<InsufficientMemoryException>(() => none.Apply(input, small, rows, columns));
        Assert.Contains("Even a tile of", error.Message);
        Assert.Contains("smaller network", error.Message);
    }

    [Fact]
    public void A_memory_limit_makes_tiles_small_at_once()
    {
        Torch.Require();
        var (denoiser, weights) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        using var context = RunContext.Use(new RunContext { MemoryLimitBytes = Environment.WorkingSet + (200L << 20) });
        using var inference = new NetworkInference(denoiser, weights);
        Assert.InRange(inference.TileBytes, 1, 200L << 20);
    }

    [Fact]
    public void Half_precision_is_for_a_GPU_and_keeps_the_values()
    {
        Torch.Require();
        var (denoiser, weights) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        var half = denoiser.InHalfPrecision();
        Assert.True(half.IsHalfPrecision);
        Assert.Contains("for a GPU", Assert.Throws<InvalidOperationException>(() => half.Apply(new Image(32, 32))).Message);

        // What a GPU would compute, slowly: large values stay as they are to far more than the eleven bits of the correction.
        using var single = AppliedNetwork.Create(denoiser.Network, weights, TorchSharp.torch.CPU, isHalf: false);
        using var coarse = AppliedNetwork.Create(denoiser.Network, weights, TorchSharp.torch.CPU, isHalf: true);
        using var none = TorchSharp.torch.no_grad();
        using var input = TorchSharp.torch.rand(1, 1, 32, 32) + 1000;
        using var flat = TorchSharp.torch.rand(1, 1, 32, 32);
        Assert.Equal(0, (single.Call(flat) - coarse.Call(flat)).abs().max().item<float>(), 2e-3);
        Assert.Equal(0, (coarse.Call(flat) - flat).abs().max().item<float>() - (single.Call(flat) - flat).abs().max().item<float>(), 2e-3);
        Assert.NotEqual(single.Call(flat).data<float>().ToArray(), coarse.Call(flat).data<float>().ToArray());
        var zero = weights.ToDictionary(w => w.Key, w => new NamedTensor(w.Value.Shape, new float[w.Value.Values.Length]));
        using var nothing = AppliedNetwork.Create(denoiser.Network, zero, TorchSharp.torch.CPU, isHalf: true);
        Assert.Equal(input.data<float>().ToArray(), nothing.Call(input).data<float>().ToArray());
    }

    [Fact]
    public void A_GPU_that_libtorch_does_not_see_is_named()
    {
        Torch.Require();
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "There is a GPU here.");
        var (denoiser, _) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        using var context = RunContext.Use(new RunContext { Device = Device.Cuda() });
        Assert.Contains("-p:TorchBackend=cuda", Assert.Throws<DeviceNotFoundException>(() => denoiser.Apply(new Image(32, 32))).Message);
        var images = new[] { new Image(64, 64), new Image(64, 64) };
        images[0].Values.Fill(1);
        var options = new TrainingOptions { Network = DenoiserNetwork.UNetSmall, Steps = 1, InThisProcess = true };
        Assert.Throws<DeviceNotFoundException>(() => Denoiser.TrainPairs(images, images, options));
        Assert.NotNull(Denoiser.TrainPairs(images, images, options with { Device = Device.Cpu }));
    }

    [Fact]
    public void Small_batches_train_on_one_thread_whatever_the_machine_has()
    {
        Assert.Equal(1, new TrainingOptions().Chosen(96, 8).Threads);
        Assert.Equal(8, new TrainingOptions { BatchSize = 8 }.Chosen(128, 8).Threads);
        Assert.Equal(3, new TrainingOptions { Threads = 3 }.Chosen(96, 8).Threads);
    }

    [Theory]
    [InlineData(0, 96, 4), InlineData(0, 40, 23), InlineData(0, 128, 2), InlineData(0, 16, 64), InlineData(5, 16, 5)]
    public void A_step_sees_as_many_pixels_whatever_the_patches(int given, int edge, int patches)
    {
        Assert.Equal(patches, new TrainingOptions { BatchSize = given }.Chosen(edge, 2).BatchSize);
    }

    [Fact]
    public void Packages_are_those_of_the_system_and_the_backend()
    {
        Assert.Equal("libtorch-cuda-12.8-linux-x64", TorchPackage.IdFor("linux", System.Runtime.InteropServices.Architecture.X64, "cuda"));
        Assert.Null(TorchPackage.IdFor("osx", System.Runtime.InteropServices.Architecture.Arm64, "cuda"));
        Assert.Equal("libtorch-cpu-osx-arm64", TorchPackage.IdFor("osx", System.Runtime.InteropServices.Architecture.Arm64, "cpu"));
        Assert.Equal("cpu", TorchPackage.Backend);
    }

    [Fact]
    public void A_card_says_what_it_is_and_where_it_came_from()
    {
        var facts = new Dictionary<string, string> { ["mode"] = "hybrid dose", ["quantity"] = "line integral", ["data sha256"] = "abc", ["seed"] = "7", ["low-dose views"] = "180" };
        var report = new TrainingReport { History = [new(0, 0, 0.4, 1e-3, 0), new(50, 0.1, 0.1, 1e-3, 9)], BestStep = 50, End = TrainingEnd.Completed, CpuSeconds = 12 };
        var text = new Denoiser(DenoiserNetwork.UNetMedium, 2.16, new Dictionary<string, NamedTensor>(), report, facts).Card.ToString();
        foreach (var part in new[]
        {
            "U-Net medium (UNet, 16-32-64 maps)", "117,985", "reach", "for each megapixel", "line integral, values up to about 2.16", "trained by", "hybrid dose", "seed", "abc", "180",
            "0.1 at step 50 (before training 0.4)", "Completed after 50 steps, 12 s",
        })
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }

        Assert.Equal(Encoding.UTF8.GetByteCount(text), text.Length);
        Assert.Contains("not known", new Denoiser(DenoiserNetwork.DnCnn, 1, new Dictionary<string, NamedTensor>(), null, new Dictionary<string, string>()).Card.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string kind, string scale) => SafetensorsFile.Write(File, new Dictionary<string, NamedTensor>(), new Dictionary<string, string>
    {
        ["kind"] = kind,
        ["network"] = """{"Name":"U-Net small","Kind":"UNet","Widths":[8,16,32]}""",
        ["scale"] = scale,
    });
}
