using System.Runtime.InteropServices;

namespace Beamline.Arrays;

/// <summary>Elements in native memory aligned to 64 bytes.</summary>
internal sealed unsafe class NativeArrayMemory<T> : ArrayMemory<T>
    where T : unmanaged
{
    private const nuint Alignment = 64;
    private nint _address;

    internal NativeArrayMemory(long length)
        : base(length, MemoryKind.Native)
    {
        var huge = HugePages.Suit(ByteLength);
        var pointer = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(ByteLength, 1), huge ? HugePages.PageBytes : Alignment);
        if (huge)
        {
            HugePages.Advise(pointer, ByteLength);
        }

        _address = (nint)pointer;
        Pointer = pointer;
        ArrayMemory.CountNative(ByteLength);
        if (ByteLength > 0)
        {
            GC.AddMemoryPressure(ByteLength);
        }

        Clear();
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

        NativeMemory.AlignedFree((void*)_address);
        _address = 0;
        ArrayMemory.CountNative(-ByteLength);
        if (ByteLength > 0)
        {
            GC.RemoveMemoryPressure(ByteLength);
        }
    }
}
