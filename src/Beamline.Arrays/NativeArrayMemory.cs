using System.Runtime.InteropServices;

namespace Beamline.Arrays;

/// <summary>Elements in native memory aligned to 64 bytes; large arrays in blocks of their own.</summary>
internal sealed unsafe class NativeArrayMemory<T> : ArrayMemory<T>
    where T : unmanaged
{
    private const nuint Alignment = 64;

    /// <summary>Bytes of the block of a large array; 0 for memory of the C library.</summary>
    private readonly long _blockBytes;
    private nint _address;

    /// <summary>Makes an array.</summary>
    /// <param name="length">Number of elements.</param>
    /// <param name="isCleared">Whether all elements must be zero; else whoever asks writes each of them before reading it.</param>
    internal NativeArrayMemory(long length, bool isCleared = true)
        : base(length, MemoryKind.Native)
    {
        void* pointer = null;
        var isZero = false;
        if (AnonymousMemory.Suits(ByteLength))
        {
            _blockBytes = AnonymousMemory.Rounded(ByteLength);
            pointer = IdleBlocks.Take(_blockBytes);
            if (pointer is null)
            {
                // What the kernel gives is zero; to clear it would touch every page before anybody needs it.
                pointer = AnonymousMemory.Map(_blockBytes);
                if (pointer is null)
                {
                    IdleBlocks.ReleaseOlderThan(0);
                    pointer = AnonymousMemory.Map(_blockBytes);
                }

                isZero = pointer is not null;
            }
        }

        if (pointer is null)
        {
            _blockBytes = 0;
            pointer = NativeMemory.AlignedAlloc((nuint)Math.Max(ByteLength, 1), Alignment);
        }

        _address = (nint)pointer;
        Pointer = (T*)pointer;
        ArrayMemory.CountNative(ByteLength);
        if (ByteLength > 0)
        {
            GC.AddMemoryPressure(ByteLength);
        }

        if (isCleared && !isZero)
        {
            Clear();
        }
    }

    ~NativeArrayMemory()
    {
        if (MarkDisposed())
        {
            Release();
        }
    }

    private protected override void Release()
    {
        if (_address == 0)
        {
            return;
        }

        if (_blockBytes > 0)
        {
            IdleBlocks.Put((void*)_address, _blockBytes);
        }
        else
        {
            NativeMemory.AlignedFree((void*)_address);
        }

        _address = 0;
        ArrayMemory.CountNative(-ByteLength);
        if (ByteLength > 0)
        {
            GC.RemoveMemoryPressure(ByteLength);
        }
    }
}
