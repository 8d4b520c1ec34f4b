using System.Runtime.CompilerServices;

namespace Beamline.Arrays;

/// <summary>Elements in a pinned array, so that the address holds while the owner lives.</summary>
internal sealed unsafe class ManagedArrayMemory<T> : ArrayMemory<T>
    where T : unmanaged
{
    private T[]? _array;

    internal ManagedArrayMemory(long length)
        : base(length, MemoryKind.Managed)
    {
        if (length > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"A managed array holds at most {Array.MaxLength} elements; use native or mapped memory.");
        }

        _array = GC.AllocateArray<T>((int)length, pinned: true);
        Pointer = (T*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_array));
    }

    private protected override void Release() => _array = null;
}
