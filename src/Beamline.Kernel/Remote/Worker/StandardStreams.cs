using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Beamline.Kernel;

/// <summary>
/// The process's own standard output and error, which native libraries, programs that a cell starts and the runtime's last words
/// write to. While a job runs they are files of the job; what the worker itself says goes to where they led before.
/// </summary>
internal sealed partial class StandardStreams : IDisposable
{
    private const int Output = 1;
    private const int Error = 2;

    private readonly int _output = -1;
    private readonly int _error = -1;

    private StandardStreams(int output, int error) => (_output, _error) = (output, error);

    /// <summary>Leads the two streams into files.</summary>
    /// <returns>What leads them back; null where the system cannot do it.</returns>
    public static StandardStreams? Lead(AppendFile output, AppendFile error)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var before = new StandardStreams(Duplicate(Output), Duplicate(Error));
        _ = Put((int)output.Handle.DangerousGetHandle(), Output);
        _ = Put((int)error.Handle.DangerousGetHandle(), Error);
        return before;
    }

    /// <summary>Keeps the standard output for the worker's own lines: whatever else writes to it gets the standard error.</summary>
    public static Stream Reserve()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        var own = Duplicate(Output);
        _ = Put(Error, Output);
        return new FileStream(new SafeFileHandle(own, ownsHandle: true), FileAccess.Write, 1);
    }

    public void Dispose()
    {
        _ = Put(_output, Output);
        _ = Put(_error, Error);
        _ = Close(_output);
        _ = Close(_error);
    }

    // Programs that a cell starts must not hold the worker's own line open.
    private static int Duplicate(int descriptor)
    {
        const int DuplicateCloseOnExec = 1030;
        const int AboveStandard = 3;
        return OperatingSystem.IsLinux() ? Control(descriptor, DuplicateCloseOnExec, AboveStandard) : Copy(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int least);

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Copy(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Put(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
