using System.Diagnostics;

namespace Beamline.Arrays.Tests;

public class ReleasePagesTests
{
    private const int Count = 48 << 20;

    [Fact]
    public void Values_of_a_mapped_file_stay_and_its_pages_leave_the_process()
    {
        var path = Path.Combine(Path.GetTempPath(), $"beamline-{Guid.NewGuid():N}.raw");
        using var memory = ArrayMemory.CreateMapped<float>(path, Count, deleteOnDispose: true);
        for (var i = 0; i < Count; i += 512)
        {
            memory.Span(i, 1)[0] = i;
        }

        var before = Resident();
        memory.ReleasePages();
        var after = Resident();
        Assert.Equal(512 * 77, memory.Span(512 * 77, 1)[0]);
        Assert.Equal(0, memory.Span(1, 1)[0]);
        if (OperatingSystem.IsLinux())
        {
            // 192 MB were touched; other tests of this process may allocate meanwhile.
            Assert.True(before - after > 100e6, $"{before / 1e6:0} MB before, {after / 1e6:0} MB after");
        }
    }

    [Fact]
    public void Scattered_reads_see_the_same_values_and_leave_nothing_behind()
    {
        var path = Path.Combine(Path.GetTempPath(), $"beamline-{Guid.NewGuid():N}.raw");
        using var memory = ArrayMemory.CreateMapped<float>(path, 1 << 20, deleteOnDispose: true);
        memory.Span(123_456, 1)[0] = 5;
        using (memory.ScatteredReads())
        {
            Assert.Equal(5, memory.Span(123_456, 1)[0]);
        }

        Assert.Equal(5, memory.Span(123_456, 1)[0]);
        var scope = memory.ScatteredReads();
        memory.Dispose();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.ScatteredReads());
    }

    [Fact]
    public void Other_memory_keeps_its_values_and_a_disposed_owner_says_so()
    {
        var memory = ArrayMemory.Allocate<float>(10);
        memory.Span(3, 1)[0] = 7;
        memory.ReleasePages();
        memory.ScatteredReads().Dispose();
        Assert.Equal(7, memory.Span(3, 1)[0]);
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(memory.ReleasePages);
        Assert.Throws<ObjectDisposedException>(() => memory.ScatteredReads());
    }

    private static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
