using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>Waits for other ranks: a message comes within microseconds as a rule, a slower rank after minutes, which must not cost a core.</summary>
internal partial struct RankWait(CancellationToken cancellationToken)
{
    private const int Spins = 200;
    private const int SleepMicroseconds = 50;
    private static readonly TimeSpan UntilSleep = TimeSpan.FromMilliseconds(20);

    private readonly long _began = Stopwatch.GetTimestamp();
    private int _count;
    private long _asked;
    private long _inVainSince;

    /// <summary>How often it is asked what hinders, which may look at files.</summary>
    internal static TimeSpan BetweenQuestions { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What is still on its way from a rank that has ended comes within this time.</summary>
    internal static TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Passes a little time.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    /// <exception cref="RankException">What is waited for will not come.</exception>
    public void Once()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_count++ < Spins)
        {
            Thread.SpinWait(20);
            return;
        }

        if (Stopwatch.GetElapsedTime(_began) < UntilSleep || OperatingSystem.IsWindows())
        {
            Thread.Yield();
            return;
        }

        _ = Sleep(SleepMicroseconds);
        if (_asked == 0 || Stopwatch.GetElapsedTime(_asked) > BetweenQuestions)
        {
            _asked = Stopwatch.GetTimestamp();
            Ask();
        }
    }

    private void Ask()
    {
        if (Ranks.Hindrance?.Invoke() is not { } problem)
        {
            _inVainSince = 0;
            return;
        }

        _inVainSince = _inVainSince == 0 ? Stopwatch.GetTimestamp() : _inVainSince;
        if (Stopwatch.GetElapsedTime(_inVainSince) >= Patience)
        {
            throw new RankException(problem);
        }
    }

    // Of the C library, because the runtime's shortest wait is a millisecond.
    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
