using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Data.Simulation;
using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Tests;

/// <summary>Scans stored in blocks are unpacked once: into memory, or into a file. Counts memory and open files of the process, so nothing runs beside it.</summary>
[Collection("Alone")]
public sealed class InputCopyTests : IDisposable
{
    private const int N = 32, Rows = 70, AngleCount = 26;
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-spool-").FullName;
    private readonly MemoryProjectionStack _projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(AngleCount), Rows, N, 15.7);

    public void Dispose()
    {
        _projections.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1, Rows), InlineData(4, Rows), InlineData(3, 7), InlineData(AngleCount, 5), InlineData(5, 33), InlineData(1, 1)]
    public void A_copy_is_the_same_and_unpacks_each_block_once(int angles, int rows)
    {
        using var packed = new PackedStack(_projections, angles, rows);
        foreach (var plan in new[] { Plan() with { SpooledInputBytes = 1 }, Plan() with { CachedInputBytes = 1 } })
        {
            using var copy = InputCopy.Make(packed, plan, new RunContext { ScratchFolder = _folder, MaxThreads = 3 })!;
            foreach (var region in new[] { new StackRegion(0, AngleCount, 0, Rows), new StackRegion(3, 9, 11, 31), new StackRegion(25, 1, 69, 1) })
            {
                var (ours, theirs) = (new float[region.AngleCount * region.RowCount * N], new float[region.AngleCount * region.RowCount * N]);
                copy.Read(region, ours);
                _projections.Read(region, theirs);
                Assert.Equal(theirs, ours);
            }

            Assert.Equal((_projections.Quantity, _projections.AnglesDegrees), (copy.Quantity, copy.AnglesDegrees));
        }

        Assert.All(packed.Unpacked, times => Assert.Equal(2, times));
        AssertNothingLeft();
    }

    [Fact]
    public void Regions_are_whole_blocks_and_neither_tiny_nor_huge()
    {
        using var large = new Sized(1000, 2048, 2048);
        using var frames = new PackedStack(large, 1, 2048);
        using var deep = new PackedStack(large, 64, 16);
        Assert.Equal(new StackRegion(0, 1, 0, 2048), InputCopy.Regions(frames)[0]);
        Assert.Equal(new StackRegion(0, 64, 0, 16), InputCopy.Regions(deep)[0]);
        Assert.Equal(1000 - (15 * 64), InputCopy.Regions(deep)[^1].AngleCount);
        using var small = new PackedStack(_projections, 2, Rows);
        Assert.Equal([new StackRegion(0, AngleCount, 0, Rows)], InputCopy.Regions(small));
    }

    [Fact]
    public void The_plan_copies_what_several_slabs_would_unpack_again_to_memory_or_else_to_a_file()
    {
        var context = new RunContext { ScratchFolder = _folder };
        using var frames = new PackedStack(_projections, 1, Rows);
        using var strips = new PackedStack(_projections, 1, 32);
        var bytes = _projections.ByteLength;
        var plan = Plan();
        Assert.Equal(bytes, (plan with { AvailableBytes = plan.WorkingBytes + (2 * bytes) }).WithInput(frames, context).CachedInputBytes);
        Assert.Equal(0, (plan with { AvailableBytes = plan.WorkingBytes + (2 * bytes) }).WithInput(strips, context).CachedInputBytes);
        Assert.Equal(bytes, (plan with { AvailableBytes = plan.WorkingBytes + (4 * bytes) }).WithInput(strips, context).CachedInputBytes);

        var tight = plan with { AvailableBytes = plan.WorkingBytes + bytes };
        var spooled = tight.WithInput(frames, context);
        Assert.Equal((0, bytes), (spooled.CachedInputBytes, spooled.SpooledInputBytes));
        Assert.Contains("for the projections, unpacked once into a file", spooled.ToString(), StringComparison.Ordinal);
        var direct = tight.WithInput(strips, context);
        Assert.Equal((0, 0, ""), (direct.CachedInputBytes, direct.SpooledInputBytes, direct.InputNote));
        Assert.Equal(0, tight.WithInput(_projections, context).SpooledInputBytes);

        var nowhere = tight.WithInput(frames, context with { ScratchFolder = Path.Combine(_folder, "missing") });
        Assert.Equal(0, nowhere.SpooledInputBytes);
        Assert.Contains("is unpacked 3 times", nowhere.ToString(), StringComparison.Ordinal);
        Assert.Contains("TMPDIR", nowhere.InputNote, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reconstruction_under_a_limit_unpacks_once_and_makes_the_same_bits()
    {
        using var large = Phantoms.Project(Phantoms.Three, Phantoms.Angles(150), 200, 256, 127.5, subRays: 1);
        var slabs = 0;
        using var packed = new PackedStack(large, 4, 200) { Reading = region => slabs += region.RowCount < 200 ? 1 : 0 };
        var options = new FbpOptions { ImageSize = 64 };
        using var expected = Reconstruction.Fbp(large, new RotationAxis(127.5), options);
        var unpack = 0;
        // Under a limit no blocks of earlier runs are kept: what the process holds then is what counts.
        MemoryBudget.AvailableBytes(new RunContext { MemoryLimitBytes = 1 });
        using var scope = RunContext.Use(new RunContext
        {
            ScratchFolder = _folder,
            MemoryLimitBytes = Environment.WorkingSet + (64L << 20),
            Progress = new Immediate(p => unpack += p.Activity == "Unpack" ? 1 : 0),
        });
        Assert.Equal(large.ByteLength, Reconstruction.Plan(packed, options).SpooledInputBytes);
        using var volume = Reconstruction.Fbp(packed, new RotationAxis(127.5), options);
        Assert.Equal(0, slabs);
        Assert.InRange(unpack, 1, 1000);
        for (var z = 0; z < 200; z++)
        {
            Assert.True(expected.Slice(z).SequenceEqual(volume.Slice(z)), $"slice {z}");
        }

        AssertNothingLeft();
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Cancelling_midway_or_a_damaged_block_leaves_nothing(bool isDamaged)
    {
        using var source = new CancellationTokenSource();
        var reads = 0;
        // Ten regions of 8 MB.
        using var large = new Sized(40, 512, 1024);
        using var packed = new PackedStack(large, 1, 512)
        {
            Reading = region =>
            {
                if (Interlocked.Increment(ref reads) < 4)
                {
                    return;
                }

                Assert.True(!OperatingSystem.IsLinux() || OpenFiles().Count == 1);
                if (isDamaged)
                {
                    throw new InvalidDataException("this chunk is damaged");
                }

                source.Cancel();
            },
        };
        // What earlier tests dropped is gone now, not in the middle of this one.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = ArrayMemory.LiveNativeBytes;
        var context = new RunContext { ScratchFolder = _folder, MaxThreads = 2, CancellationToken = source.Token };
        var plan = Plan() with { SpooledInputBytes = 1 };
        Action make = () => InputCopy.Make(packed, plan, context);
        if (isDamaged)
        {
            Assert.Contains("damaged", Assert.Throws<InvalidDataException>(make).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.ThrowsAny<OperationCanceledException>(make);
        }

        Assert.InRange(reads, 4, 6);
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
        AssertNothingLeft();
    }

    [Fact]
    public void A_disk_without_room_is_seen_by_the_plan_and_an_error_with_a_way_out_in_the_run()
    {
        var disk = Directory.CreateDirectory(Path.Combine(_folder, "tiny")).FullName;
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk),
            "Needs the right to mount a tmpfs (run as root, outside a container without CAP_SYS_ADMIN).");
        try
        {
            using var packed = new PackedStack(_projections, 1, Rows);
            var context = new RunContext { ScratchFolder = disk };
            var plan = Plan();
            plan = (plan with { AvailableBytes = plan.WorkingBytes + _projections.ByteLength }).WithInput(packed, context);
            Assert.Equal(0, plan.SpooledInputBytes);
            Assert.Contains("has room for 0.1 MiB and not for", plan.ToString(), StringComparison.Ordinal);
            // Somebody else may fill the disk after the plan was made.
            var error = Assert.Throws<IOException>(() => InputCopy.Make(packed, plan with { SpooledInputBytes = 1 }, context));
            Assert.Contains("TMPDIR", error.Message, StringComparison.Ordinal);
            Assert.All(packed.Unpacked, times => Assert.Equal(0, times));
            AssertNothingLeft();
        }
        finally
        {
            Assert.True(Run("umount", disk));
        }
    }

    [Fact]
    public void Blocks_of_a_scan_are_seen_through_the_steps_that_compute_as_they_read()
    {
        var path = Path.Combine(_folder, "scan.h5");
        ScanSimulator.Write(Phantom.SheppLogan(45).Scaled(0.01), new AcquisitionOptions { AngleCount = 17, Rows = 11, Columns = 45, FlatCount = 3, DarkCount = 3 }, path);
        using var scan = TomographyScan.Open(path);
        var lines = scan.Normalize().MinusLog();
        Assert.Equal((1, 11), PackedSource.BlockOf(lines));
        Assert.Equal(3, PackedSource.Unpackings(lines, 4));
        Assert.Equal((1, 1), PackedSource.BlockOf(lines.RemoveStripes(StripeMethod.Filtering)));
        Assert.Equal((1, 1), PackedSource.BlockOf(_projections));
    }

    private ReconstructionPlan Plan() => Reconstruction.Plan(_projections);

    private void AssertNothingLeft()
    {
        Assert.Empty(Directory.GetFiles(_folder, "beamline-*", SearchOption.AllDirectories));
        Assert.Empty(OpenFiles());
    }

    /// <summary>Open files in the scratch folder, those without a name included.</summary>
    private List<string> OpenFiles() => !OperatingSystem.IsLinux() ? [] : [.. Directory.GetFiles("/proc/self/fd")
        .Select(f => new FileInfo(f).LinkTarget ?? "")
        .Where(t => t.StartsWith(_folder, StringComparison.Ordinal) && t.Contains("beamline-projections", StringComparison.Ordinal))];

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private sealed class Immediate(Action<ProgressReport> report) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => report(value);
    }

    /// <summary>Zeros of any size.</summary>
    private sealed class Sized(int angles, int rows, int columns) : ProjectionStack(Phantoms.Angles(angles), rows, columns)
    {
        protected override void ReadCore(StackRegion region, Span<float> destination) => destination.Clear();
    }
}
