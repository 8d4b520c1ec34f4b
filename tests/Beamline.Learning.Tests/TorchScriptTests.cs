using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning.Tests;

/// <summary>Files that PyTorch 1.13 wrote (torchscript/make.py), and what it computes with them.</summary>
public sealed class TorchScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void A_module_of_PyTorch_computes_what_it_computes_there()
    {
        Torch.Require();
        var denoiser = Denoiser.ImportTorchScript(Written("unet.pt"), scale: 2);
        Assert.Equal(4, denoiser.Network.Multiple);
        Assert.Equal(40 + 296 + 584 + 580 + 73, denoiser.Network.ParameterCount);
        Assert.InRange(denoiser.Network.ReceptiveRadiusPixels, 6, 24);
        Assert.InRange(denoiser.Network.BytesPerPixel, 8, 4000);
        var image = new Image(24, 20, [.. Enumerable.Range(0, 480).Select(i => 2 * MathF.Sin(i))]);
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Written("unet.f32"))).ToArray();
        var made = denoiser.Apply(image).Values.ToArray();
        Assert.All(expected.Zip(made), p => Assert.Equal(2 * p.First, p.Second, 1e-5));
        Assert.Contains(expected.Zip(image.Values.ToArray()), p => Math.Abs((2 * p.First) - p.Second) > 0.05);
        Assert.Contains("TorchScript unet.pt", denoiser.Card.ToString());
        Assert.Contains("file sha256", denoiser.Card.ToString());
        Assert.Contains("keep its own file", Assert.Throws<InvalidOperationException>(() => denoiser.Save(Path.Combine(_folder, "a"))).Message);
        Assert.Throws<InvalidOperationException>(denoiser.InHalfPrecision);
        Assert.Contains("neither built nor trained", Assert.Throws<ArgumentException>(() =>
            Denoiser.TrainPairs([image], [image], new TrainingOptions { Network = denoiser.Network })).Message);

        // Tiles by what was measured give what the whole gives.
        var random = new Random(1);
        float[] input = [.. Enumerable.Range(0, 150 * 170).Select(_ => random.NextSingle())];
        var (whole, tiled) = (new float[input.Length], new float[input.Length]);
        using (var inference = new NetworkInference(denoiser))
        {
            inference.Apply(input, whole, 150, 170);
        }

        using (var inference = new NetworkInference(denoiser) { TileBytes = 8000 * denoiser.Network.BytesPerPixel })
        {
            inference.Apply(input, tiled, 150, 170);
        }

        Assert.All(whole.Zip(tiled), p => Assert.Equal(p.First, p.Second, 1e-5));
    }

    [Fact]
    public void Neighbors_go_in_and_the_reach_is_measured()
    {
        Torch.Require();
        var denoiser = Denoiser.ImportTorchScript(Written("box.pt"), 1, inputChannels: 3);
        Assert.Equal((1, 2, 0), (denoiser.Network.Multiple, denoiser.Network.ReceptiveRadiusPixels, denoiser.Network.ParameterCount));
        using var stack = LowDoseScene.Stack([.. Enumerable.Range(0, 3 * 256).Select(i => (float)(i / 256))], 16);
        using var made = denoiser.Apply(stack);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(i => made.Projection(i)[8, 8]));
        Assert.Contains("number of channels", Assert.Throws<InvalidDataException>(() => Denoiser.ImportTorchScript(Written("box.pt"), 1)).Message);
    }

    [Fact]
    public void What_sees_the_whole_image_asks_for_its_reach()
    {
        Torch.Require();
        Assert.Contains("Give reachPixels", Assert.Throws<InvalidDataException>(() => Denoiser.ImportTorchScript(Written("level.pt"), 1)).Message);
        Assert.Equal(50, Denoiser.ImportTorchScript(Written("level.pt"), 1, reachPixels: 50).Network.ReceptiveRadiusPixels);
    }

    [Fact]
    public void What_is_no_denoiser_is_refused()
    {
        Torch.Require();
        Assert.Contains("makes [1, 1, 128, 128]", Assert.Throws<InvalidDataException>(() => Denoiser.ImportTorchScript(Written("half.pt"), 1)).Message);
        Assert.Throws<FileNotFoundException>(() => Denoiser.ImportTorchScript(Path.Combine(_folder, "none.pt"), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Denoiser.ImportTorchScript(Written("unet.pt"), 1, inputChannels: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Denoiser.ImportTorchScript(Written("unet.pt"), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Denoiser.ImportTorchScript(Written("unet.pt"), 1, reachPixels: -1));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("text")]
    [InlineData("empty")]
    [InlineData("flipped")]
    public void A_damaged_file_is_named_and_this_process_lives(string damage)
    {
        Torch.Require();
        var path = Path.Combine(_folder, "a.pt");
        var bytes = File.ReadAllBytes(Written("unet.pt"));
        if (damage == "flipped")
        {
            // In the middle of the pickled structure.
            for (var i = bytes.Length / 8; i < bytes.Length; i += 37)
            {
                bytes[i] ^= 0x55;
            }
        }

        File.WriteAllBytes(path, damage switch { "cut" => bytes[..(bytes.Length / 2)], "text" => "no model"u8.ToArray(), "empty" => [], _ => bytes });
        var error = Assert.Throws<InvalidDataException>(() => Denoiser.ImportTorchScript(path, 1));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(Directory.GetFiles(_folder), f => f == path);
    }

    [Fact]
    public void Waiting_for_a_file_can_be_cancelled()
    {
        Torch.Require();
        using var context = RunContext.Use(new RunContext { CancellationToken = new CancellationToken(true) });
        Assert.ThrowsAny<OperationCanceledException>(() => Denoiser.ImportTorchScript(Written("unet.pt"), 1));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Written(string name) => Path.Combine(AppContext.BaseDirectory, "torchscript", name);
}
