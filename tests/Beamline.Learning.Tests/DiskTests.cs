using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;

namespace Beamline.Learning.Tests;

public sealed class DiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Theory]
    [InlineData("out.h5", 1)]
    [InlineData("out/", 1)]
    [InlineData("out.tif", 3)]
    public void From_file_to_file_is_as_in_memory(string name, int channels)
    {
        Torch.Require();
        var (denoiser, _) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall with { InputChannels = channels });
        using (var made = Noisy())
        {
            made.Save(Path.Combine(_folder, "in.h5"));
        }

        using var noisy = ProjectionStack.Open(Path.Combine(_folder, "in.h5"));
        using var there = denoiser.ApplyTo(noisy, Path.Combine(_folder, name));
        using var here = denoiser.Apply(noisy);
        for (var i = 0; i < noisy.AngleCount; i++)
        {
            Assert.Equal(here.Projection(i).Values.ToArray(), there.Projection(i).Values.ToArray());
        }

        Assert.Equal(noisy.AnglesDegrees, there.AnglesDegrees);
        Assert.Equal(Quantity.LineIntegral, there.Quantity);
        Assert.Equal("denoise", there.Provenance.Steps[^1].Operation);
    }

    [Fact]
    public void Slices_go_from_file_to_file_too()
    {
        Torch.Require();
        var (denoiser, _) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        var random = new Random(2);
        using var volume = new Volume(3, 40, 36) { Quantity = Quantity.AttenuationPerPixel };
        foreach (ref var value in volume.Memory.Span(0, 3 * 40 * 36))
        {
            value = random.NextSingle();
        }

        denoiser.ApplyTo(volume, Path.Combine(_folder, "v.h5"));
        using var there = Volume.Open(Path.Combine(_folder, "v.h5"));
        using var here = denoiser.Apply(volume);
        Assert.Equal(here.Slice(2).ToArray(), there.Slice(2).ToArray());
        Assert.Equal(Quantity.AttenuationPerPixel, there.Quantity);
    }

    [Fact]
    public void A_cancelled_run_leaves_no_file()
    {
        Torch.Require();
        var (denoiser, _) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        using var noisy = Noisy();
        using var source = new CancellationTokenSource();
        using (RunContext.Use(new RunContext { CancellationToken = source.Token, Progress = new After(2, source.Cancel) }))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => denoiser.ApplyTo(noisy, Path.Combine(_folder, "out.h5")));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_bad_value_leaves_no_file()
    {
        Torch.Require();
        var (denoiser, _) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        using var noisy = Noisy();
        noisy.Frame(3)[5] = float.NaN;
        Assert.Contains("row 0, column 5", Assert.Throws<ArgumentException>(() => denoiser.ApplyTo(noisy, Path.Combine(_folder, "out.h5"))).Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.Throws<DataFormatException>(() => denoiser.ApplyTo(noisy, Path.Combine(_folder, "no such folder", "out.h5")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static MemoryProjectionStack Noisy()
    {
        var random = new Random(1);
        return LowDoseScene.Stack([.. Enumerable.Range(0, 5 * 32 * 32).Select(_ => random.NextSingle())], 32);
    }

    private sealed class After(int reports, Action act) : IProgress<ProgressReport>
    {
        private int _count;

        public void Report(ProgressReport value)
        {
            if (++_count > reports)
            {
                act();
            }
        }
    }
}
