namespace Beamline.Arrays.Tests;

/// <summary>What holds for every owner of elements, however it keeps them. One thin subclass for each kind.</summary>
public abstract unsafe class ArrayMemoryTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private int _files;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract MemoryKind Kind { get; }

    protected abstract ArrayMemory<T> Make<T>(long length)
        where T : unmanaged;

    protected string NewPath() => _folder.File($"array-{_files++}.raw");

    [Theory]
    [InlineData(0), InlineData(1), InlineData(63), InlineData(64), InlineData(1_000_003)]
    public void Elements_start_as_zero_and_hold_what_is_written(int length)
    {
        using var memory = Make<float>(length);
        Assert.Equal(length, memory.Length);
        Assert.Equal(4L * length, memory.ByteLength);
        Assert.Equal(Kind, memory.Kind);
        var span = memory.Span(0, length);
        Assert.Equal(-1, span.IndexOfAnyExcept(0f));
        for (var i = 0; i < length; i++)
        {
            span[i] = i + 0.5f;
        }

        for (var i = 0; i < length; i++)
        {
            Assert.True(memory.Pointer[i] == i + 0.5f, $"element {i}");
        }
    }

    [Fact]
    public void A_span_starts_where_it_was_asked_to()
    {
        using var memory = Make<ushort>(100);
        memory.Pointer[42] = 7;
        Assert.Equal(7, memory.Span(40, 5)[2]);
        Assert.Equal(0, memory.Span(100, 0).Length);
    }

    [Theory]
    [InlineData(-1, 1), InlineData(0, -1), InlineData(0, 11), InlineData(10, 1), InlineData(long.MaxValue, 1)]
    public void A_span_outside_the_array_is_refused(long start, int count)
    {
        using var memory = Make<float>(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Span(start, count).Length);
    }

    [Fact]
    public void Clear_zeroes_every_element()
    {
        using var memory = Make<int>(1000);
        memory.Span(0, 1000).Fill(-1);
        memory.Clear();
        Assert.Equal(-1, memory.Span(0, 1000).IndexOfAnyExcept(0));
    }

    [Fact]
    public void Copy_moves_every_element_and_wants_equal_lengths()
    {
        using var from = Make<double>(257);
        using var to = Make<double>(257);
        using var shorter = Make<double>(256);
        for (var i = 0; i < 257; i++)
        {
            from.Pointer[i] = i * Math.PI;
        }

        from.CopyTo(to);
        Assert.True(from.Span(0, 257).SequenceEqual(to.Span(0, 257)));
        Assert.Contains("257", Assert.Throws<ArgumentException>(() => from.CopyTo(shorter)).Message);
        Assert.Throws<ArgumentNullException>(() => from.CopyTo(null!));
    }

    [Fact]
    public void After_disposal_every_access_throws_and_a_second_disposal_does_nothing()
    {
        var memory = Make<float>(16);
        using var other = Make<float>(16);
        Assert.False(memory.IsDisposed);
        memory.Dispose();
        memory.Dispose();
        Assert.True(memory.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => (nint)memory.Pointer);
        Assert.Throws<ObjectDisposedException>(() => memory.Span(0, 1).Length);
        Assert.Throws<ObjectDisposedException>(memory.Clear);
        Assert.Throws<ObjectDisposedException>(() => memory.CopyTo(other));
        Assert.Throws<ObjectDisposedException>(() => other.CopyTo(memory));
        Assert.Equal(16, memory.Length);
    }

    [Fact]
    public void Disposal_from_many_threads_releases_once()
    {
        var memory = Make<float>(16);
        Parallel.For(0, 16, _ => memory.Dispose());
        Assert.True(memory.IsDisposed);
    }

    [Fact]
    public void The_address_survives_garbage_collections()
    {
        using var memory = Make<int>(1000);
        var before = (nint)memory.Pointer;
        memory.Pointer[999] = 123;
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(before, (nint)memory.Pointer);
        Assert.Equal(123, memory.Span(999, 1)[0]);
    }

    [Theory]
    [InlineData(-1), InlineData(long.MinValue), InlineData(long.MaxValue)]
    public void Lengths_that_no_array_can_have_are_refused(long length) =>
        Assert.ThrowsAny<ArgumentException>(() => Make<double>(length));
}

public sealed class ManagedMemoryTests : ArrayMemoryTests
{
    protected override MemoryKind Kind => MemoryKind.Managed;

    protected override ArrayMemory<T> Make<T>(long length) => ArrayMemory.Allocate<T>(length, MemoryKind.Managed);

    [Fact]
    public void More_elements_than_a_managed_array_has_are_refused_with_advice()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Make<byte>(1L << 31));
        Assert.Contains("native or mapped", error.Message);
    }
}

public sealed unsafe class NativeMemoryTests : ArrayMemoryTests
{
    protected override MemoryKind Kind => MemoryKind.Native;

    protected override ArrayMemory<T> Make<T>(long length) => ArrayMemory.Allocate<T>(length);

    [Theory]
    [InlineData(0), InlineData(1), InlineData(17), InlineData(4097)]
    public void Addresses_are_multiples_of_64(int length)
    {
        using var memory = Make<byte>(length);
        Assert.Equal(0, (nint)memory.Pointer % 64);
    }

    [Fact]
    public void Memory_that_was_used_before_comes_back_zeroed()
    {
        for (var round = 0; round < 50; round++)
        {
            using var memory = Make<int>(5000);
            Assert.Equal(-1, memory.Span(0, 5000).IndexOfAnyExcept(0));
            memory.Span(0, 5000).Fill(-1);
        }
    }

    [Fact]
    public void More_elements_than_2_to_the_31_are_addressed()
    {
        const long Length = (1L << 31) + 4096;
        var free = GC.GetGCMemoryInfo() is var info ? info.TotalAvailableMemoryBytes - info.MemoryLoadBytes : 0;
        Assert.SkipUnless(free > 3 * Length, $"Needs {3 * Length >> 30} GiB of free memory.");
        using var memory = Make<byte>(Length);
        memory.Pointer[Length - 1] = 5;
        Assert.Equal(5, memory.Span(Length - 10, 10)[9]);
        Assert.Equal(0, memory.Span((1L << 31) - 8, 16).IndexOfAnyExcept((byte)0) + 1);
        memory.Clear();
        Assert.Equal(0, memory.Pointer[Length - 1]);
    }

    [Fact]
    public void More_memory_than_the_machine_has_is_an_error_and_not_a_crash() =>
        Assert.Throws<OutOfMemoryException>(() => Make<byte>(1L << 60));

    [Fact]
    public void A_mapped_array_needs_a_path() =>
        Assert.Contains("CreateMapped", Assert.Throws<ArgumentException>(() => ArrayMemory.Allocate<float>(1, MemoryKind.Mapped)).Message);
}

public sealed class MappedMemoryTests : ArrayMemoryTests
{
    protected override MemoryKind Kind => MemoryKind.Mapped;

    protected override ArrayMemory<T> Make<T>(long length) => ArrayMemory.CreateMapped<T>(NewPath(), length);
}
