using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Exit codes of <c>beamline worker --job</c>. All others are those of a process that crashed.</summary>
internal static class WorkerExit
{
    public const int Succeeded = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Refused = 3;
    public const int OutOfMemory = 4;
    public const int TimedOut = 5;
    public const int Cancelled = 6;

    public static int Of(JobState state) => state switch
    {
        JobState.Succeeded => Succeeded,
        JobState.Refused => Refused,
        JobState.OutOfMemory => OutOfMemory,
        JobState.TimedOut => TimedOut,
        JobState.Cancelled => Cancelled,
        _ => Failed,
    };
}
