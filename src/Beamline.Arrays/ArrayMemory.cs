namespace Beamline.Arrays;

/// <summary>Where the elements of an array live.</summary>
public enum MemoryKind
{
    /// <summary>A pinned array of the garbage collector's. At most <see cref="Array.MaxLength"/> elements.</summary>
    Managed,

    /// <summary>Native memory aligned to 64 bytes (one cache line, one AVX-512 vector). Any length.</summary>
    Native,

    /// <summary>A memory-mapped file. Any length; pages come and go with the operating system's cache.</summary>
    Mapped,
}

/// <summary>
/// Owns the elements of an array that may be longer than 2^31 elements, at one fixed address.
/// It is not a collection: big arrays are worked on in slabs through <see cref="Pointer"/> or in
/// spans of one row or slice through <see cref="Span"/>.
/// </summary>
/// <remarks>
/// Disposal is deterministic: <see cref="Dispose()"/> gives the memory back at once, and every later access
/// throws <see cref="ObjectDisposedException"/>. An owner that is dropped without being disposed is
/// collected like any object. Code that keeps a raw pointer in a loop must keep the owner alive until
/// after the loop (<see cref="GC.KeepAlive"/>).
/// </remarks>
/// <typeparam name="T">Element type, for instance <see cref="float"/> or <see cref="ushort"/>.</typeparam>
public abstract unsafe class ArrayMemory<T> : IDisposable
    where T : unmanaged
{
    private T* _pointer;
    private int _disposed;

    private protected ArrayMemory(long length, MemoryKind kind)
    {
        CheckLength(length);
        Length = length;
        Kind = kind;
    }

    /// <summary>Number of elements, 0 or more; not limited to 2^31.</summary>
    public long Length { get; }

    /// <summary>Number of bytes.</summary>
    public long ByteLength => Length * sizeof(T);

    /// <summary>Where the elements live.</summary>
    public MemoryKind Kind { get; }

    /// <summary>True after <see cref="Dispose()"/>.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Address of element 0, fixed until <see cref="Dispose()"/>.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _pointer;
        }
        private protected set => _pointer = value;
    }

    /// <summary>A span over <paramref name="count"/> elements from element <paramref name="start"/>.</summary>
    /// <param name="start">First element, 0 or more.</param>
    /// <param name="count">Number of elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the array.</exception>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public Span<T> Span(long start, int count)
    {
        if (start < 0 || count < 0 || start > Length - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"Elements {start} to {start + count} of an array of {Length}.");
        }

        return new Span<T>(Pointer + start, count);
    }

    /// <summary>Sets every element to zero.</summary>
    public void Clear()
    {
        var pointer = Pointer;
        for (long done = 0; done < Length;)
        {
            var count = (int)Math.Min(Length - done, 1 << 28);
            new Span<T>(pointer + done, count).Clear();
            done += count;
        }

        GC.KeepAlive(this);
    }

    /// <summary>Copies all elements to another owner of the same length.</summary>
    /// <param name="destination">Where the elements go.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void CopyTo(ArrayMemory<T> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (destination.Length != Length)
        {
            throw new ArgumentException(
                $"Lengths differ: {Length} elements here, {destination.Length} there.", nameof(destination));
        }

        Buffer.MemoryCopy(Pointer, destination.Pointer, ByteLength, ByteLength);
        GC.KeepAlive(this);
        GC.KeepAlive(destination);
    }

    /// <summary>
    /// Takes the pages of some elements of a mapped file out of the memory that counts as the process's own; they come back when they
    /// are touched. For code that walks once through a file larger than the memory it may use. Does nothing for other kinds, and on
    /// systems other than Linux.
    /// </summary>
    /// <param name="start">First element.</param>
    /// <param name="count">Number of elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the array.</exception>
    public void Evict(long start, long count)
    {
        if (start < 0 || count < 0 || start > Length - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Elements {start} to {start + count} of an array of {Length}.");
        }

        if (CanEvict && count > 0)
        {
            MappedPages.Evict(Pointer + start, count * sizeof(T));
            GC.KeepAlive(this);
        }
    }

    /// <summary>
    /// For a mapped file: the pages that this process has touched no longer count as its memory and are read again when they
    /// are needed. Nothing is lost, and the operating system may keep them for whoever comes next. Does nothing for other kinds.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public virtual void ReleasePages() => ObjectDisposedException.ThrowIf(IsDisposed, this);

    /// <summary>
    /// For a mapped file: until the scope ends the operating system reads only the pages that are touched, not what lies around
    /// them; at the end they leave this process (<see cref="ReleasePages"/>). For code that picks rows all over a large file.
    /// Does nothing for other kinds.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public virtual IDisposable ScatteredReads()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return NoScope.Instance;
    }

    /// <summary>Gives the memory back. A second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Release();
            _pointer = null;
        }

        GC.SuppressFinalize(this);
    }

    private protected static void CheckLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > long.MaxValue / sizeof(T))
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, "The array would need more bytes than an address can count.");
        }
    }

    /// <summary>Whether pages can leave and come back from a file.</summary>
    private protected virtual bool CanEvict => Kind == MemoryKind.Mapped;

    private protected bool MarkDisposed() => Interlocked.Exchange(ref _disposed, 1) == 0;

    private protected abstract void Release();

    private sealed class NoScope : IDisposable
    {
        public static NoScope Instance { get; } = new();

        public void Dispose()
        {
        }
    }
}
