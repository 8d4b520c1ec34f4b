using System.Runtime.CompilerServices;

namespace Beamline.Arrays.Tests;

/// <summary>Memory comes back: at once when disposed, and by the garbage collector when an owner is dropped.</summary>
[Collection(MemoryCounting.Name)]
public sealed class LiveBytesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public LiveBytesTests() => Collect();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Native_bytes_are_counted_and_given_back_at_once()
    {
        var before = ArrayMemory.LiveNativeBytes;
        var memory = ArrayMemory.Allocate<double>(1000);
        Assert.Equal(8000, ArrayMemory.LiveNativeBytes - before);
        memory.Dispose();
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
        memory.Dispose();
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
    }

    [Fact]
    public void Mapped_bytes_are_counted_and_given_back_at_once()
    {
        var before = ArrayMemory.LiveMappedBytes;
        var memory = ArrayMemory.CreateMapped<float>(_folder.File("a.raw"), 1000);
        Assert.Equal(4000, ArrayMemory.LiveMappedBytes - before);
        memory.Dispose();
        memory.Dispose();
        Assert.Equal(before, ArrayMemory.LiveMappedBytes);
    }

    [Fact]
    public void Nothing_is_counted_for_what_could_not_be_made()
    {
        var (native, mapped) = (ArrayMemory.LiveNativeBytes, ArrayMemory.LiveMappedBytes);
        Assert.ThrowsAny<Exception>(() => ArrayMemory.Allocate<byte>(1L << 60));
        Assert.ThrowsAny<Exception>(() => ArrayMemory.Allocate<byte>(-1));
        File.WriteAllBytes(_folder.File("short.raw"), [1]);
        Assert.ThrowsAny<Exception>(() => ArrayMemory.OpenMapped<float>(_folder.File("short.raw"), 10));
        Collect();
        Assert.Equal((native, mapped), (ArrayMemory.LiveNativeBytes, ArrayMemory.LiveMappedBytes));
    }

    [Fact]
    public void A_dropped_native_owner_is_collected()
    {
        var before = ArrayMemory.LiveNativeBytes;
        Drop();
        Collect();
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Drop() => _ = ArrayMemory.Allocate<float>(1000);
    }

    [Fact]
    public void A_dropped_mapped_owner_is_collected_and_its_file_deleted()
    {
        var before = ArrayMemory.LiveMappedBytes;
        var path = _folder.File("a.raw");
        Drop(path);
        Collect();
        Assert.Equal(before, ArrayMemory.LiveMappedBytes);
        Assert.False(File.Exists(path));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Drop(string path) => _ = ArrayMemory.CreateMapped<float>(path, 1000, deleteOnDispose: true);
    }

    [Fact]
    public void Volumes_stacks_and_slabs_give_their_memory_back()
    {
        var before = ArrayMemory.LiveNativeBytes;
        using (var volume = new Volume(2, 3, 4))
        using (var stack = new MemoryProjectionStack([0, 90], 3, 4))
        using (var slab = new InterleavedSlab(2, 3, 16))
        {
            Assert.Equal((24 * 4) + (24 * 4) + InterleavedSlab.BytesNeeded(2, 3, 16), ArrayMemory.LiveNativeBytes - before);
        }

        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
    }

    [Fact]
    public void A_stack_that_cannot_be_materialized_leaves_nothing_behind()
    {
        var before = ArrayMemory.LiveNativeBytes;
        using var stack = new ComputedStack([0, 1, 2], 4, 5, failAtAngle: 2);
        Assert.Throws<InvalidDataException>(stack.Materialize);
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
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
