using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>What all groups of a process share: whether they can still be used, who uses them, and memory for what arrives.</summary>
internal sealed unsafe class RankState
{
    private string? _busy;
    private nint _staging;
    private nuint _stagingBytes;

    /// <summary>Why no group can be used any more; null while they can.</summary>
    public string? Broken { get; set; }

    /// <summary>Whether a call runs.</summary>
    public bool IsBusy => Volatile.Read(ref _busy) is not null;

    /// <summary>Says that a call begins; the result says that it has ended.</summary>
    /// <exception cref="RankException">An earlier call was broken off.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call.</exception>
    public Using Enter(string call)
    {
        if (Broken is { } why)
        {
            throw new RankException($"The ranks of this job can no longer talk to each other: {why}");
        }

        return Interlocked.CompareExchange(ref _busy, call, null) is { } other
            ? throw new InvalidOperationException($"{other} still runs in another thread: a process makes one call to the other ranks at a time.")
            : new Using(this);
    }

    /// <summary>Memory that lives as long as the process: what is on its way when a call is broken off may still arrive there.</summary>
    public nint Staging(long bytes)
    {
        if ((nuint)bytes > _stagingBytes)
        {
            NativeMemory.AlignedFree((void*)_staging);
            (_staging, _stagingBytes) = (0, 0);
            _staging = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 64);
            _stagingBytes = (nuint)bytes;
        }

        return _staging;
    }

    public readonly ref struct Using(RankState state)
    {
        public void Dispose() => Volatile.Write(ref state._busy, null);
    }
}
