using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beamline.Data.Hdf5.Filters;

namespace Beamline.Data.Hdf5.Native;

/// <summary>
/// Gives libhdf5 the filters of ours that it lacks, so that a virtual dataset over the bitshuffled files of an Eiger detector can be
/// read without plug-ins. For these five the plug-ins of the machine are not asked.
/// </summary>
internal static unsafe class Hdf5NativeFilters
{
    private const uint Reading = 0x0100;

    [ThreadStatic]
    private static string? _failure;

    internal static void Register(Hdf5Functions library, delegate* unmanaged<nint, int> register)
    {
        delegate* unmanaged[Cdecl]<uint, nuint, uint*, nuint, nuint*, nint*, nuint>[] callbacks = [&Lzf, &Blosc, &Lz4, &Bitshuffle, &Zstd];
        int[] ids = [32000, 32001, 32004, 32008, 32015];
        for (var i = 0; i < ids.Length; i++)
        {
            // The library keeps the pointer to the name, not to the record.
            var record = new FilterClass
            {
                Version = 1,
                Id = ids[i],
                DecoderPresent = 1,
                Name = Marshal.StringToCoTaskMemUTF8(Hdf5Guards.NameOfFilter(ids[i], "")),
                Filter = (nint)callbacks[i],
            };
            _ = register((nint)(&record));
        }

        _ = library.ClearErrors(0);
    }

    /// <summary>Why our filter failed on this thread; null when it did not. Forgets it.</summary>
    internal static string? TakeFailure()
    {
        var failure = _failure;
        _failure = null;
        return failure;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Lzf(uint flags, nuint parameterCount, uint* parameters, nuint length, nuint* room, nint* buffer) =>
        Decode(32000, flags, new ReadOnlySpan<uint>(parameters, (int)parameterCount), length, room, buffer);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Blosc(uint flags, nuint parameterCount, uint* parameters, nuint length, nuint* room, nint* buffer) =>
        Decode(32001, flags, new ReadOnlySpan<uint>(parameters, (int)parameterCount), length, room, buffer);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Lz4(uint flags, nuint parameterCount, uint* parameters, nuint length, nuint* room, nint* buffer) =>
        Decode(32004, flags, new ReadOnlySpan<uint>(parameters, (int)parameterCount), length, room, buffer);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Bitshuffle(uint flags, nuint parameterCount, uint* parameters, nuint length, nuint* room, nint* buffer) =>
        Decode(32008, flags, new ReadOnlySpan<uint>(parameters, (int)parameterCount), length, room, buffer);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Zstd(uint flags, nuint parameterCount, uint* parameters, nuint length, nuint* room, nint* buffer) =>
        Decode(32015, flags, new ReadOnlySpan<uint>(parameters, (int)parameterCount), length, room, buffer);

    private static nuint Decode(int id, uint flags, ReadOnlySpan<uint> parameters, nuint length, nuint* room, nint* buffer)
    {
        // No exception may pass into C: zero says that it failed.
        try
        {
            if ((flags & Reading) == 0 || LibHdf5.Functions is not { } library)
            {
                return 0;
            }

            var filter = ChunkFilters.Get(id);
            var stored = new ReadOnlySpan<byte>((void*)*buffer, checked((int)length));
            var size = filter.DecodedBytes(stored, parameters);
            if (size is < 0 or > int.MaxValue)
            {
                throw new InvalidDataException($"it claims {size:N0} bytes");
            }

            var decoded = library.Allocate((nuint)Math.Max(1, size), 0);
            if (decoded == 0)
            {
                throw new InvalidDataException($"there is no memory for {size:N0} bytes");
            }

            try
            {
                var written = filter.Decode(stored, parameters, new Span<byte>((void*)decoded, (int)size));
                _ = library.Free(*buffer);
                (*buffer, *room, decoded) = (decoded, (nuint)size, 0);
                return (nuint)written;
            }
            finally
            {
                if (decoded != 0)
                {
                    _ = library.Free(decoded);
                }
            }
        }
        catch (Exception e)
        {
            _failure = $"{Hdf5Guards.NameOfFilter(id, "")}: {e.Message.TrimEnd('.')}";
            return 0;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterClass
    {
        public int Version;
        public int Id;
        public uint EncoderPresent;
        public uint DecoderPresent;
        public nint Name;
        public nint CanApply;
        public nint SetLocal;
        public nint Filter;
    }
}
