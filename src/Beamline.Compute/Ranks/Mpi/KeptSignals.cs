using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>
/// The runtime's signal handlers, put back after a library has begun: UCX, on which MPI stands on many clusters, takes SIGSEGV over, by which
/// .NET makes a NullReferenceException, and ends the process.
/// </summary>
internal sealed unsafe partial class KeptSignals : IDisposable
{
    private const int Count = 65;

    // struct sigaction has 152 bytes with glibc on 64-bit machines, fewer elsewhere. It begins with the handler: 0 is the default one.
    private const int Bytes = 256;

    private readonly byte* _before;

    public KeptSignals()
    {
        if (OperatingSystem.IsLinux())
        {
            _before = (byte*)NativeMemory.AllocZeroed(Count, Bytes);
            for (var signal = 1; signal < Count; signal++)
            {
                _ = Action(signal, null, Of(signal));
            }
        }
    }

    public void Dispose()
    {
        if (_before is null)
        {
            return;
        }

        // A handler for a signal that nobody had asked for is the library's business.
        for (var signal = 1; signal < Count; signal++)
        {
            if (*(nint*)Of(signal) != 0)
            {
                _ = Action(signal, Of(signal), null);
            }
        }

        NativeMemory.Free(_before);
    }

    private byte* Of(int signal) => _before + (signal * Bytes);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Action(int signal, byte* next, byte* before);
}
