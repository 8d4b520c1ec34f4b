using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beamline.Data.Hdf5.Native;

/// <summary>What libhdf5 put on its stack of errors, in one sentence.</summary>
internal static unsafe class Hdf5NativeErrors
{
    [ThreadStatic]
    private static List<string>? _lines;

    /// <summary>The innermost reasons; clears the stack. Call under the gate, on the thread of the call that failed.</summary>
    internal static string Take(Hdf5Functions library)
    {
        const int Upward = 0;
        _lines = [];
        _ = library.WalkErrors(0, Upward, (nint)(delegate* unmanaged[Cdecl]<uint, ErrorLine*, nint, int>)&Keep, 0);
        _ = library.ClearErrors(0);
        var filter = Hdf5NativeFilters.TakeFailure();
        var reasons = (filter is null ? _lines : _lines.Prepend(filter)).Where(l => l.Length > 0).Distinct().Take(2).ToArray();
        return reasons.Length > 0 ? string.Join("; ", reasons) : "no reason given";
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Keep(uint depth, ErrorLine* line, nint data)
    {
        _lines?.Add(Marshal.PtrToStringUTF8(line->Description)?.Trim() ?? "");
        return 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ErrorLine
    {
        public long Class;
        public long Major;
        public long Minor;
        public uint Line;
        public nint Function;
        public nint File;
        public nint Description;
    }
}
