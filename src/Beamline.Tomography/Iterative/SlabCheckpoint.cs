using System.Diagnostics;
using System.Security.Cryptography;
using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>The state of one slab in a folder: while it runs, and when it is through.</summary>
/// <param name="folder">The folder of the run.</param>
/// <param name="slab">Number of the slab.</param>
/// <param name="dataHash">Hash of its line integrals.</param>
/// <param name="before">See <see cref="IterativeOptions.CheckpointsBefore"/>.</param>
internal sealed class SlabCheckpoint(string folder, int slab, byte[] dataHash, DateTime? before = null)
{
    // A part of the time that a run may spend on saving by itself.
    private const int Share = 20;

    private readonly string _running = Path.Combine(folder, NameOf(slab, dataHash, before) + ".running");
    private readonly string _finished = Path.Combine(folder, NameOf(slab, dataHash, before) + ".finished");
    private TimeSpan _saving;
    private long _saved = Stopwatch.GetTimestamp();

    /// <summary>Shortest time between two checkpoints that nobody asked for.</summary>
    internal static TimeSpan Least { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>True when the folder is one that the run context gave: saving goes by the clock, and a stop is saved.</summary>
    internal bool IsAmbient => before is not null;

    /// <summary>Whether the state after an iteration is to be saved.</summary>
    /// <param name="iteration">Updates done.</param>
    /// <param name="every">Iterations from one checkpoint to the next, where the user chose the folder.</param>
    internal bool IsDue(int iteration, int every) => IsAmbient
        ? Stopwatch.GetElapsedTime(_saved) is var since && since >= Least && since >= Share * _saving
        : iteration % every == 0;

    /// <summary>A hash of the line integrals, so that a checkpoint is never continued with other data.</summary>
    internal static unsafe byte[] Hash(InterleavedSlab data, InterleavedSlab? weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var slab in weights is null ? [data] : new[] { data, weights })
        {
            for (var row = 0; row < slab.OuterCount; row++)
            {
                hash.AppendData(new ReadOnlySpan<byte>(slab.Origin + (row * slab.RowStride), slab.InnerCount * slab.Lanes * sizeof(float)));
            }

            GC.KeepAlive(slab);
        }

        return hash.GetHashAndReset();
    }

    internal void Save(int iteration, IterativeSlab method, InterleavedSlab best, LaneProgress progress)
    {
        var began = Stopwatch.GetTimestamp();
        CheckpointFile.Write(_running, file =>
        {
            Head(file, best, progress);
            file.Number(iteration);
            file.Slab(method.X);
            foreach (var state in method.Slabs)
            {
                file.Slab(state);
            }

            foreach (var numbers in method.Numbers)
            {
                file.Numbers(numbers);
            }
        });
        (_saving, _saved) = (Stopwatch.GetElapsedTime(began), Stopwatch.GetTimestamp());
    }

    internal void Finish(InterleavedSlab best, LaneProgress progress)
    {
        CheckpointFile.Write(_finished, file => Head(file, best, progress));
        File.Delete(_running);
    }

    /// <summary>Brings a slab back that is through; false when it is not.</summary>
    internal bool RestoreFinished(InterleavedSlab best, LaneProgress progress)
    {
        if (!IsThere(_finished))
        {
            return false;
        }

        CheckpointFile.Read(_finished, file => Head(file, best, progress));
        return true;
    }

    /// <summary>Brings a running slab back; the number of updates done, or null when there is no checkpoint.</summary>
    internal int? Restore(IterativeSlab method, InterleavedSlab best, LaneProgress progress)
    {
        if (!IsThere(_running))
        {
            return null;
        }

        var iteration = 0;
        CheckpointFile.Read(_running, file =>
        {
            Head(file, best, progress);
            iteration = (int)file.Number();
            file.Slab(method.X);
            foreach (var state in method.Slabs)
            {
                file.Slab(state);
            }

            foreach (var numbers in method.Numbers)
            {
                file.Numbers(numbers);
            }
        });
        return iteration;
    }

    private bool IsThere(string path) => File.Exists(path) && (before is not { } time || File.GetLastWriteTimeUtc(path) < time);

    // The same options with other data are another run: in a folder that nobody chose they must not meet.
    private static string NameOf(int slab, byte[] dataHash, DateTime? before) =>
        $"slab-{slab:0000}" + (before is null ? "" : "-" + Convert.ToHexStringLower(dataHash)[..16]);

    private void Head(CheckpointFile.Writer file, InterleavedSlab best, LaneProgress progress)
    {
        file.Bytes(dataHash);
        file.Slab(best);
        foreach (var numbers in progress.Numbers)
        {
            file.Numbers(numbers);
        }

        file.Number(progress.History.Count);
        foreach (var sums in progress.History)
        {
            file.Numbers([sums.SquaredResidual, sums.SquaredData, sums.Objective, sums.SquaredChange, sums.SquaredNorm]);
        }
    }

    private void Head(CheckpointFile.Reader file, InterleavedSlab best, LaneProgress progress)
    {
        if (!file.Bytes(dataHash.Length).AsSpan().SequenceEqual(dataHash))
        {
            throw new InvalidOperationException(
                $"The checkpoints in {folder} belong to other projections than these. Delete the folder, or give another CheckpointFolder.");
        }

        file.Slab(best);
        foreach (var numbers in progress.Numbers)
        {
            file.Numbers(numbers);
        }

        Span<double> sums = stackalloc double[5];
        for (var left = file.Number(); left > 0; left--)
        {
            file.Numbers(sums);
            progress.Restore(new IterationSums(sums[0], sums[1], sums[2], sums[3], sums[4]));
        }
    }
}
