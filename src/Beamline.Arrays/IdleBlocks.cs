namespace Beamline.Arrays;

/// <summary>
/// Large blocks whose owners are gone, kept some seconds for the next arrays. A fresh page costs a fault and is set to zero by the kernel, and under a
/// hypervisor that takes free memory away it must first be had back from the machine below: up to 3.5 ms a megabyte were measured, where
/// arithmetic on it takes 0.5 (docs/adr/0036). Runs of the same size, one after the other, ask for the same blocks again.
/// </summary>
internal static unsafe class IdleBlocks
{
    private const long MostBytesOfAnyMachine = 1L << 30;
    private const int MostAgeMilliseconds = 10_000;

    private static readonly Lock Gate = new();
    private static readonly List<Block> Blocks = [];
    private static readonly long Bound = Math.Min(MostBytesOfAnyMachine, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16);
    private static readonly Timer Clock = new(_ => ReleaseOlderThan(MostAgeMilliseconds));
    private static long _bytes;
    private static bool _isOff;

    /// <summary>Bytes kept now.</summary>
    internal static long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether blocks are kept. Off, what is kept goes at once: for work under a limit of memory.</summary>
    internal static bool Keeps
    {
        get => !Volatile.Read(ref _isOff);
        set
        {
            Volatile.Write(ref _isOff, !value);
            if (!value)
            {
                ReleaseOlderThan(0);
            }
        }
    }

    /// <summary>A kept block of exactly this size, with whatever its last owner left in it; null when there is none.</summary>
    internal static void* Take(long bytes)
    {
        Enter();
        try
        {
            // The last one: what was in use most recently is most likely in the caches.
            var index = Blocks.FindLastIndex(b => b.Bytes == bytes);
            if (index < 0)
            {
                return null;
            }

            var address = Blocks[index].Address;
            Blocks.RemoveAt(index);
            _bytes -= bytes;
            return (void*)address;
        }
        finally
        {
            Gate.Exit();
        }
    }

    /// <summary>Takes a block over from its owner: to keep it, or to give it back to the system.</summary>
    internal static void Put(void* address, long bytes)
    {
        Enter();
        try
        {
            if (_isOff || bytes > Bound)
            {
                AnonymousMemory.Unmap(address, bytes);
                return;
            }

            while (_bytes + bytes > Bound)
            {
                DropOldest();
            }

            Blocks.Add(new Block((nint)address, bytes, Environment.TickCount64));
            _bytes += bytes;
            Clock.Change(MostAgeMilliseconds, MostAgeMilliseconds);
        }
        finally
        {
            Gate.Exit();
        }
    }

    /// <summary>Gives blocks back to the system that were kept longer than that.</summary>
    internal static void ReleaseOlderThan(int milliseconds)
    {
        Enter();
        try
        {
            while (Blocks.Count > 0 && Environment.TickCount64 - Blocks[0].Since >= milliseconds)
            {
                DropOldest();
            }

            if (Blocks.Count == 0)
            {
                Clock.Change(Timeout.Infinite, Timeout.Infinite);
            }
        }
        finally
        {
            Gate.Exit();
        }
    }

    private static void DropOldest()
    {
        var block = Blocks[0];
        Blocks.RemoveAt(0);
        _bytes -= block.Bytes;
        AnonymousMemory.Unmap((void*)block.Address, block.Bytes);
    }

    /// <summary>Takes the gate without ever waiting in the kernel: a cell that is interrupted there would lose the block it gives back.</summary>
    private static void Enter()
    {
        while (!Gate.TryEnter())
        {
            Thread.Yield();
        }
    }

    private readonly record struct Block(nint Address, long Bytes, long Since);
}
