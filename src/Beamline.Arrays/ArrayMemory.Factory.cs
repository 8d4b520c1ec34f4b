namespace Beamline.Arrays;

/// <summary>Makes <see cref="ArrayMemory{T}"/> owners and counts the bytes that they hold.</summary>
public static class ArrayMemory
{
    private static long _nativeBytes;
    private static long _mappedBytes;

    /// <summary>Bytes of native memory held now by owners that were not disposed. For leak tests and reports.</summary>
    public static long LiveNativeBytes => Interlocked.Read(ref _nativeBytes);

    /// <summary>Bytes of files mapped now by owners that were not disposed.</summary>
    public static long LiveMappedBytes => Interlocked.Read(ref _mappedBytes);

    /// <summary>Allocates an array whose elements are all zero.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="length">Number of elements.</param>
    /// <param name="kind"><see cref="MemoryKind.Native"/> or <see cref="MemoryKind.Managed"/>.</param>
    /// <exception cref="OutOfMemoryException">The machine cannot give that much.</exception>
    /// <exception cref="ArgumentException"><see cref="MemoryKind.Mapped"/> needs a path: use <see cref="CreateMapped{T}"/>.</exception>
    public static ArrayMemory<T> Allocate<T>(long length, MemoryKind kind = MemoryKind.Native)
        where T : unmanaged => kind switch
        {
            MemoryKind.Managed => new ManagedArrayMemory<T>(length),
            MemoryKind.Native => new NativeArrayMemory<T>(length),
            _ => throw new ArgumentException("A mapped array needs a file: call ArrayMemory.CreateMapped.", nameof(kind)),
        };

    /// <summary>Makes a file of zeros of the right size and maps it for reading and writing.</summary>
    /// <remarks>
    /// The blocks are reserved on the disk first, because writing to a mapping on a full disk would end the
    /// process instead of raising an error.
    /// </remarks>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="path">File to make; an existing one is replaced.</param>
    /// <param name="length">Number of elements.</param>
    /// <param name="deleteOnDispose">Whether the file goes with the owner.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static ArrayMemory<T> CreateMapped<T>(string path, long length, bool deleteOnDispose = false)
        where T : unmanaged => MappedArrayMemory<T>.Create(path, length, deleteOnDispose);

    /// <summary>Maps elements of an existing file.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="length">Number of elements.</param>
    /// <param name="offsetBytes">Where element 0 starts in the file.</param>
    /// <param name="writable">Whether writes reach the file; without it a write ends the process.</param>
    /// <param name="deleteOnDispose">Whether the file goes with the owner.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The file is too short.</exception>
    public static ArrayMemory<T> OpenMapped<T>(
        string path, long length, long offsetBytes = 0, bool writable = false, bool deleteOnDispose = false)
        where T : unmanaged => MappedArrayMemory<T>.Open(path, length, offsetBytes, writable, deleteOnDispose);

    /// <summary>Maps elements of an existing file that stays as it is: what is written to them is this owner's alone.</summary>
    internal static ArrayMemory<T> OpenCopyOnWrite<T>(string path, long length, long offsetBytes)
        where T : unmanaged => MappedArrayMemory<T>.OpenCopyOnWrite(path, length, offsetBytes);

    /// <summary>Allocates a native array of which the caller writes each element before anybody reads it.</summary>
    internal static ArrayMemory<T> AllocateToFill<T>(long length)
        where T : unmanaged => new NativeArrayMemory<T>(length, isCleared: false);

    internal static void CountNative(long bytes) => Interlocked.Add(ref _nativeBytes, bytes);

    internal static void CountMapped(long bytes) => Interlocked.Add(ref _mappedBytes, bytes);
}
