using Beamline.Arrays;

namespace Beamline.Display.Tests;

public class ReadingTests
{
    [Fact]
    public void A_lazy_stack_is_asked_only_for_what_is_shown()
    {
        using var stack = new CountingStack(180, 64, 32);
        _ = stack.View(new() { Interactive = false });
        Assert.Equal((3L * 64 * 32) + (180 * 32), stack.ValuesRead);
    }

    [Fact]
    public void The_viewer_of_a_lazy_stack_reads_a_few_million_values_more()
    {
        using var stack = new CountingStack(1200, 1024, 1024);
        _ = new ArrayFormatter().Format(stack);
        var shown = (3L << 20) + (1200 * 1024);
        Assert.InRange(stack.ValuesRead, shown + (3 << 20), shown + (8 << 20));
    }

    [Fact]
    public void A_large_mapped_volume_is_not_read_as_a_whole()
    {
        Assert.SkipUnless(File.Exists("/proc/self/smaps"), "Counts the pages of a mapping in /proc/self/smaps, which only Linux has.");
        var path = Path.Combine(Path.GetTempPath(), $"beamline-sparse-{Guid.NewGuid():N}.raw");
        const int Slices = 256;
        const int Edge = 2048;
        const long Length = (long)Slices * Edge * Edge;
        try
        {
            // A hole of 4 GB: takes no room on the disk.
            using (var file = File.Create(path))
            {
                file.SetLength(Length * sizeof(float));
            }

            using var volume = new Volume(Slices, Edge, Edge, ArrayMemory.OpenMapped<float>(path, Length, deleteOnDispose: true));
            _ = (VolumePlanes.XY(volume, 128), VolumePlanes.XZ(volume, 1024), VolumePlanes.YZ(volume, 1024), VolumePlanes.Maximum(volume, out _));
            // The kernel maps up to 16 pages around each that is touched.
            Assert.InRange(ResidentBytes(path), 1 << 20, Length * sizeof(float) / 2);
            var view = volume.View();
            Assert.Contains("maximum of 64 of 256 slices (every 3rd voxel)", view.Figure.Panels.Select(p => p.Panel.Title));
            Assert.Contains("x = 1024 (every 4th voxel)", view.Figure.Panels.Select(p => p.Panel.Title));
            Assert.Contains("of the shown planes", view.Text);
            // What was looked at does not stay in this process.
            Assert.InRange(ResidentBytes(path), 0, 1 << 24);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Rows_of_a_mapped_volume_that_are_touched_stay_below_the_limit()
    {
        var path = Path.Combine(Path.GetTempPath(), $"beamline-mapped-{Guid.NewGuid():N}.raw");
        using var volume = new Volume(600, 500, 2, ArrayMemory.CreateMapped<float>(path, 600L * 500 * 2, deleteOnDispose: true));
        for (var z = 0; z < 600; z++)
        {
            for (var y = 0; y < 500; y++)
            {
                volume[z, y, 1] = (1000 * z) + y;
            }
        }

        var plane = VolumePlanes.YZ(volume, 1);
        Assert.InRange(plane.RowCount * plane.ColumnCount, VolumePlanes.RowLimit / 4, VolumePlanes.RowLimit);
        // Each value is that of the voxel in the middle of its step: the axis says where that is.
        var step = (int)plane.RowStep;
        Assert.Equal((1000 * ((2 * step) + (step / 2))) + (3 * step) + (step / 2), plane.Values[(2 * plane.ColumnCount) + 3]);
    }

    private static long ResidentBytes(string path)
    {
        var inside = false;
        long sum = 0;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains('-', StringComparison.Ordinal) && char.IsAsciiHexDigitLower(line[0]) && !line.Contains("kB", StringComparison.Ordinal))
            {
                inside = line.EndsWith(path, StringComparison.Ordinal);
            }
            else if (inside && line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                sum += long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
            }
        }

        return sum;
    }

    private sealed class CountingStack(int angles, int rows, int columns)
        : ProjectionStack([.. Enumerable.Range(0, angles).Select(i => (double)i)], rows, columns)
    {
        private long _read;

        public long ValuesRead => Interlocked.Read(ref _read);

        protected override void ReadCore(StackRegion region, Span<float> destination)
        {
            Interlocked.Add(ref _read, destination.Length);
            destination.Fill(region.AngleStart);
        }
    }
}
