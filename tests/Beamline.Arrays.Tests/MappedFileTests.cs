using System.Diagnostics;

namespace Beamline.Arrays.Tests;

/// <summary>The file behind a mapped array.</summary>
public sealed unsafe class MappedFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_in_the_file_and_stays()
    {
        var path = _folder.File("a.raw");
        using (var memory = ArrayMemory.CreateMapped<float>(path, 3))
        {
            memory.Span(0, 3)[2] = 1.5f;
        }

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0x3F], File.ReadAllBytes(path));
    }

    [Fact]
    public void Evicted_elements_leave_the_process_and_come_back_as_they_were()
    {
        const int Count = 8 << 20;
        using var memory = ArrayMemory.CreateMapped<int>(_folder.File("a.raw"), Count);
        for (var i = 0; i < Count; i++)
        {
            memory.Span(i, 1)[0] = i;
        }

        var before = ResidentFilePages();
        memory.Evict(1000, Count - 1000);
        var after = ResidentFilePages();
        Assert.True(before is null || before - after > 0.9 * Count * sizeof(int), $"{before} then {after} bytes");
        for (var i = 0; i < Count; i++)
        {
            Assert.Equal(i, memory.Span(i, 1)[0]);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Evict(1, Count));
        using var native = ArrayMemory.Allocate<int>(5000);
        native.Span(0, 5000).Fill(7);
        native.Evict(0, 5000);
        Assert.Equal(7, native.Span(4000, 1)[0]);
    }

    /// <summary>Bytes of files that count as memory of this process; null where no one says.</summary>
    private static long? ResidentFilePages() => !File.Exists("/proc/self/status") ? null
        : long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssFile:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024
        + long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssShmem:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024;

    [Fact]
    public void An_existing_file_is_replaced_by_zeros()
    {
        var path = _folder.File("a.raw");
        File.WriteAllBytes(path, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        using var memory = ArrayMemory.CreateMapped<byte>(path, 4);
        Assert.Equal([0, 0, 0, 0], memory.Span(0, 4).ToArray());
        Assert.Equal(4, new FileInfo(path).Length);
    }

    [Theory]
    [InlineData(0), InlineData(2), InlineData(4095), InlineData(4096), InlineData(5000)]
    public void Elements_may_start_anywhere_in_the_file(int offset)
    {
        // Maps start at page boundaries: what lies before the first element must be stepped over.
        var path = _folder.File("a.raw");
        var bytes = new byte[6000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        using var memory = ArrayMemory.OpenMapped<byte>(path, 100, offset);
        Assert.True(bytes.AsSpan(offset, 100).SequenceEqual(memory.Span(0, 100)));
    }

    [Fact]
    public void A_writable_mapping_changes_the_file()
    {
        var path = _folder.File("a.raw");
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        using (var memory = ArrayMemory.OpenMapped<byte>(path, 2, offsetBytes: 1, writable: true))
        {
            memory.Span(0, 2)[1] = 99;
        }

        Assert.Equal([1, 2, 99, 4], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_read_only_file_can_be_mapped_for_reading_only()
    {
        Assert.SkipWhen(Environment.UserName == "root", "Root may write to every file; run as another user.");
        var path = _folder.File("a.raw");
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        File.SetAttributes(path, FileAttributes.ReadOnly);
        using (var memory = ArrayMemory.OpenMapped<byte>(path, 4))
        {
            Assert.Equal(3, memory.Span(2, 1)[0]);
        }

        Assert.Throws<UnauthorizedAccessException>(() => ArrayMemory.OpenMapped<byte>(path, 4, writable: true));
    }

    [Fact]
    public void A_mapping_for_reading_cannot_be_written_by_its_file_handle()
    {
        // Writing through the pointer would end the process; what can be tested is that the mapping asked for no more.
        var path = _folder.File("a.raw");
        File.WriteAllBytes(path, new byte[4096]);
        using var memory = ArrayMemory.OpenMapped<byte>(path, 4096);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc/self/maps (Linux).");
        var line = File.ReadLines("/proc/self/maps").Single(l => l.EndsWith(path, StringComparison.Ordinal));
        Assert.StartsWith("r--", line.Split(' ')[1]);
    }

    [Theory]
    [InlineData(5, 0), InlineData(4, 1), InlineData(1, 4), InlineData(1, 100)]
    public void A_file_too_short_is_refused_with_both_sizes(int length, long offset)
    {
        var path = _folder.File("short.raw");
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        var error = Assert.Throws<ArgumentException>(() => ArrayMemory.OpenMapped<byte>(path, length, offset, deleteOnDispose: true));
        Assert.Contains("short.raw has 4 bytes", error.Message);
        Assert.Contains((length + offset).ToString(), error.Message);
        // Whoever failed to open the file does not own it, not even later on the finalizer thread.
        Collect();
        Assert.True(File.Exists(path));
        File.Delete(path);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = _folder.File("missing.raw");
        var error = Assert.Throws<FileNotFoundException>(() => ArrayMemory.OpenMapped<float>(path, 1));
        Assert.Contains("missing.raw", error.Message);
        Assert.Equal(path, error.FileName);
    }

    [Fact]
    public void Bad_paths_and_offsets_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ArrayMemory.OpenMapped<float>("", 1));
        Assert.Throws<ArgumentException>(() => ArrayMemory.CreateMapped<float>("", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ArrayMemory.OpenMapped<float>(_folder.File("a"), 1, offsetBytes: -1));
        Assert.Throws<DirectoryNotFoundException>(() => ArrayMemory.CreateMapped<float>(_folder.File("none/a"), 1));
    }

    [Fact]
    public void The_file_goes_with_its_owner_when_asked()
    {
        var (created, opened) = (_folder.File("a.raw"), _folder.File("b.raw"));
        File.WriteAllBytes(opened, new byte[8]);
        var first = ArrayMemory.CreateMapped<float>(created, 2, deleteOnDispose: true);
        var second = ArrayMemory.OpenMapped<float>(opened, 2, deleteOnDispose: true);
        Assert.True(File.Exists(created));
        first.Dispose();
        second.Dispose();
        Assert.False(File.Exists(created));
        Assert.False(File.Exists(opened));
    }

    [Fact]
    public void A_dropped_owner_whose_folder_is_gone_does_not_end_the_process()
    {
        var inner = _folder.File("inner");
        Directory.CreateDirectory(inner);
        Drop(Path.Combine(inner, "a.raw"));
        Directory.Delete(inner, recursive: true);
        Collect();

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Drop(string path) => _ = ArrayMemory.CreateMapped<float>(path, 10, deleteOnDispose: true);
    }

    [Fact]
    public void More_elements_than_2_to_the_31_are_addressed_in_a_sparse_file()
    {
        // 3 GiB of addresses, a few pages of disk.
        const long Length = 3L << 30;
        var path = _folder.File("sparse.raw");
        using (var file = File.Create(path))
        {
            file.SetLength(Length);
        }

        using var memory = ArrayMemory.OpenMapped<byte>(path, Length, writable: true);
        memory.Pointer[Length - 1] = 5;
        memory.Pointer[(1L << 31) + 1] = 6;
        Assert.Equal(5, memory.Span(Length - 1, 1)[0]);
        Assert.Equal(6, memory.Span(1L << 31, 2)[1]);
        Assert.Equal(0, memory.Span(int.MaxValue, 1)[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Span(Length, 1).Length);
    }

    [Fact]
    public void A_full_disk_is_an_error_before_anything_is_written_and_leaves_no_file()
    {
        var mount = _folder.File("tiny");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount),
            "Needs the right to mount a tmpfs (run as root, outside a container without CAP_SYS_ADMIN).");
        try
        {
            var path = Path.Combine(mount, "big.raw");
            Assert.Throws<IOException>(() => ArrayMemory.CreateMapped<float>(path, 1 << 20));
            Assert.Empty(Directory.EnumerateFiles(mount));
            using var fits = ArrayMemory.CreateMapped<float>(Path.Combine(mount, "small.raw"), 1024);
            fits.Span(0, 1024).Fill(1);
        }
        finally
        {
            Assert.True(Run("umount", mount));
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
