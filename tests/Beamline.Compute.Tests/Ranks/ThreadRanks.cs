using System.Collections.Concurrent;
using System.Diagnostics;

namespace Beamline.Compute.Tests;

/// <summary>Ranks that are threads of this process: what is above the transport is tested with them, quickly and for any number.</summary>
internal sealed class ThreadRanks(int size)
{
    private readonly Lock _gate = new();
    private int _here;
    private int _meeting;
    private readonly byte[][] _cards = new byte[size][];
    private readonly ConcurrentDictionary<(int From, int To, int Tag), BlockingCollection<byte[]>> _boxes = new();
    private readonly ConcurrentDictionary<string, ThreadRanks> _parts = new();

    /// <summary>Runs code on each rank; the error of the first that failed.</summary>
    public static void Run(int size, Action<RankGroup> code)
    {
        var problems = Problems(size, code);
        Assert.True(problems.All(p => p is null), string.Join('\n', problems.Select(p => p?.ToString())));
    }

    /// <summary>Runs code on each rank; what each threw.</summary>
    public static Exception?[] Problems(int size, Action<RankGroup> code)
    {
        var ranks = new ThreadRanks(size);
        var problems = new Exception?[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                code(new RankGroup(new Transport(ranks, rank, size)));
            }
            catch (Exception exception)
            {
                problems[rank] = exception;
            }
        })
        { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => Assert.True(t.Join(TimeSpan.FromSeconds(60)), "a rank waits for ever"));
        return problems;
    }

    private void Meet(CancellationToken cancellationToken)
    {
        int meeting;
        lock (_gate)
        {
            meeting = _meeting;
            if (++_here == size)
            {
                (_here, _meeting) = (0, _meeting + 1);
                return;
            }
        }

        var watch = Stopwatch.StartNew();
        while (Volatile.Read(ref _meeting) == meeting)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "the ranks do not meet");
            Thread.Yield();
        }
    }

    private sealed class Transport(ThreadRanks ranks, int rank, int size) : IRankTransport
    {
        public int Rank => rank;

        public int Size => size;

        public RankState State { get; } = new();

        public void AllGather(ReadOnlySpan<byte> own, Span<byte> all, CancellationToken cancellationToken)
        {
            ranks._cards[rank] = own.ToArray();
            ranks.Meet(cancellationToken);
            ranks._cards.SelectMany(c => c).ToArray().CopyTo(all);
            ranks.Meet(cancellationToken);
        }

        public unsafe IPieces Begin(ReadOnlySpan<RankPiece> pieces, int tag)
        {
            var arriving = new List<RankPiece>();
            foreach (var piece in pieces)
            {
                Assert.NotEqual(rank, piece.Peer);
                if (piece.IsSend)
                {
                    Box(rank, piece.Peer, tag).Add(new ReadOnlySpan<byte>((void*)piece.Address, (int)piece.Bytes).ToArray());
                }
                else
                {
                    arriving.Add(piece);
                }
            }

            return new Arriving(this, arriving, tag);
        }

        public IRankTransport Split(int color, int key)
        {
            var all = new byte[8 * size];
            AllGather([.. BitConverter.GetBytes(color), .. BitConverter.GetBytes(key)], all, CancellationToken.None);
            var members = Enumerable.Range(0, size).Where(r => BitConverter.ToInt32(all, 8 * r) == color).OrderBy(r => BitConverter.ToInt32(all, (8 * r) + 4)).ToList();
            var part = ranks._parts.GetOrAdd($"{color}: {string.Join(',', members)}", _ => new ThreadRanks(members.Count));
            return new Transport(part, members.IndexOf(rank), members.Count);
        }

        // Two ranks share a node.
        public IRankTransport SplitByNode() => Split(rank / 2, rank);

        private BlockingCollection<byte[]> Box(int from, int to, int tag) => ranks._boxes.GetOrAdd((from, to, tag), _ => []);

        private sealed class Arriving(Transport owner, List<RankPiece> pieces, int tag) : IPieces
        {
            public unsafe void Complete(CancellationToken cancellationToken)
            {
                foreach (var piece in pieces)
                {
                    Assert.True(owner.Box(piece.Peer, owner.Rank, tag).TryTake(out var bytes, 30_000, cancellationToken), "nothing came");
                    Assert.Equal(piece.Bytes, bytes!.Length);
                    bytes.CopyTo(new Span<byte>((void*)piece.Address, bytes.Length));
                }
            }
        }
    }
}
