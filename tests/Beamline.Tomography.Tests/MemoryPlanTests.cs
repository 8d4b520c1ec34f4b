using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

public sealed class MemoryPlanTests
{
    [Fact]
    public void A_volume_that_does_not_fit_goes_to_a_scratch_file_and_is_the_same()
    {
        const int N = 96;
        var scratch = Directory.CreateTempSubdirectory("beamline-scratch").FullName;
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 70, N, 47.5);
        try
        {
            using var scope = RunContext.Use(new RunContext { ScratchFolder = scratch });
            var plan = Reconstruction.Plan(projections) with { AvailableBytes = 1 };
            Assert.True(plan.ResultOnDisk);
            Assert.Contains("in a file", plan.ToString(), StringComparison.Ordinal);

            using var store = new Analytic.FileVolumeStore(70, N, scratch);
            using var memory = new Analytic.MemoryVolumeStore(70, N);
            using var band = new InterleavedSlab(13, N, 32, SlabShape.Pad);
            var random = new Random(1);
            foreach (var (slice, count, row) in new[] { (0, 32, 0), (32, 32, 83), (64, 6, 40) })
            {
                for (var y = 0; y < band.OuterCount; y++)
                {
                    for (var lane = 0; lane < 32; lane++)
                    {
                        band.SetRow(y, lane, [.. Enumerable.Range(0, N).Select(_ => random.NextSingle())]);
                    }
                }

                store.Write(band, slice, count, row, RunContext.Default);
                memory.Write(band, slice, count, row, RunContext.Default);
            }

            using var mapped = new Volume(70, N, N, store.Complete());
            using var held = new Volume(70, N, N, memory.Complete());
            Assert.Equal(MemoryKind.Mapped, mapped.Memory.Kind);
            for (var z = 0; z < 70; z++)
            {
                Assert.True(mapped.Slice(z).SequenceEqual(held.Slice(z)), $"slice {z}");
            }

            mapped.Dispose();
            Assert.Empty(Directory.GetFiles(scratch));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    [Fact]
    public void A_limit_below_the_smallest_arrays_says_how_much_is_needed()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 4, 64, 31.5);
        using var scope = RunContext.Use(new RunContext { MemoryLimitBytes = 1 << 20 });
        var error = Assert.Throws<InsufficientMemoryException>(() => Reconstruction.Fbp(projections, new RotationAxis(31.5)));
        Assert.Contains("needs at least", error.Message, StringComparison.Ordinal);
        Assert.Contains("--memory-limit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scratch_folder_that_cannot_be_written_fails_with_a_way_out()
    {
        var missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        var error = Assert.ThrowsAny<IOException>(() => new Analytic.FileVolumeStore(2, 8, missing).Dispose());
        Assert.Contains("TMPDIR", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lazy_stack_is_read_once_when_memory_allows()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 70, 64, 31.5);
        using var counting = new CountingStack(projections);
        using var volume = Reconstruction.Fbp(counting, new RotationAxis(31.5));
        Assert.Equal(30L * 70 * 64, counting.ValuesRead);
    }

    private sealed class CountingStack(ProjectionStack source)
        : ProjectionStack(source.AnglesDegrees, source.RowCount, source.ColumnCount)
    {
        private long _read;

        internal long ValuesRead => Interlocked.Read(ref _read);

        protected override void ReadCore(StackRegion region, Span<float> destination)
        {
            Interlocked.Add(ref _read, destination.Length);
            source.Read(region, destination);
        }
    }
}
