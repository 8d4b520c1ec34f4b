using System.Diagnostics;
using Beamline.Data.Hdf5;
using Beamline.Data.Hdf5.Native;
using Beamline.Data.Scans;

namespace Beamline.Data;

/// <summary>
/// A scan in an HDF5 file that is still being written (single writer, multiple readers: SWMR). It is polled. With libhdf5
/// (<see cref="Hdf5Library"/>) one open file is looked at again, by the rules of SWMR; without it each look opens the file anew and tries again
/// when the writer was in the middle of something. Frames count when their chunks are in the file, so a file whose space
/// was filled in advance with zeros cannot be followed.
/// </summary>
public sealed class LiveScan : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private readonly ScanOptions _options;
    private readonly List<TomographyScan> _earlier = [];
    private readonly Hdf5NativeFile? _live;

    private LiveScan(string path, ScanOptions options)
    {
        (FilePath, _options) = (Path.GetFullPath(path), options);
        if (LibHdf5.Functions is { } library && File.Exists(FilePath) && Hdf5Superblock.IsBeingFollowed(FilePath))
        {
            try
            {
                _live = Hdf5NativeFile.Open(library, FilePath);
            }
            catch (DataFormatException)
            {
                // It may be in the middle of a change, or its writer died in one: then each look opens it anew, with managed code.
            }
        }
    }

    /// <summary>Full path of the file.</summary>
    public string FilePath { get; }

    /// <summary>Projections that were there at the last look.</summary>
    public int FrameCount => Scan?.Frames.AngleCount ?? 0;

    /// <summary>Whether the writer had closed the file at the last look; files of the oldest format do not say, and count as not closed.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>The scan as it was at the last look that found more; null before the first frame. Closed with this object.</summary>
    public TomographyScan? Scan { get; private set; }

    /// <summary>Opens a file that is being written, and looks once.</summary>
    /// <param name="path">The HDF5 file; it must exist and have its datasets, which may be empty.</param>
    /// <param name="options">What the file does not say itself; may be null.</param>
    /// <exception cref="DataFormatException">The file is missing, not HDF5, or holds no scan.</exception>
    public static LiveScan Open(string path, ScanOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var live = new LiveScan(path, options ?? new ScanOptions());
        try
        {
            live.Poll();
            return live;
        }
        catch
        {
            live.Dispose();
            throw;
        }
    }

    /// <summary>Looks again; true when there are more frames than before.</summary>
    /// <exception cref="DataFormatException">The file cannot be read, also not when looked at several times.</exception>
    public bool Poll()
    {
        const int Tries = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Asked first: when the writer closes between the two looks, the next look sees it.
                var finished = Hdf5Superblock.IsClosed(FilePath);
                var grown = Look();
                IsFinished = finished;
                return grown;
            }
            catch (DataFormatException) when (attempt < Tries && File.Exists(FilePath))
            {
                // The writer was in the middle of changing the file's lists: they are whole again in a moment.
                using var pause = new ManualResetEventSlim();
                pause.Wait(TimeSpan.FromMilliseconds(40 * attempt));
            }
        }
    }

    /// <summary>Waits until there are so many projections or the writer has closed the file; gives how many there are.</summary>
    /// <param name="count">Projections to wait for.</param>
    /// <param name="patience">How long the file may stay as it is before its writer counts as dead; null for one minute.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DataFormatException">The file did not grow for so long, and was not closed: its writer stopped or died.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task<int> WaitForFramesAsync(int count, TimeSpan? patience = null, CancellationToken cancellation = default)
    {
        var limit = patience ?? TimeSpan.FromMinutes(1);
        var quiet = Stopwatch.StartNew();
        while (true)
        {
            if (Poll())
            {
                quiet.Restart();
            }

            if (FrameCount >= count || IsFinished)
            {
                return FrameCount;
            }

            if (quiet.Elapsed > limit)
            {
                throw new DataFormatException(
                    FilePath,
                    $"the file has {FrameCount} projections, has not grown for {limit.TotalSeconds:0.#} s, and was not closed: the program that writes it " +
                    $"stopped or died. The {FrameCount} projections that are there can be used (LiveScan.Scan). If the program is gone, " +
                    "mark the file as closed: h5clear -s FILE. If it only pauses, wait with more patience.");
            }

            await Task.Delay(BetweenLooks, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the scan and every earlier state of it.</summary>
    public void Dispose()
    {
        Scan?.Dispose();
        foreach (var scan in _earlier)
        {
            scan.Dispose();
        }

        _live?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"LiveScan {Path.GetFileName(FilePath)}: {FrameCount} projections so far{(IsFinished ? ", finished" : "")}";

    private bool Look()
    {
        var parts = LiveHdf5.Open(FilePath, _options, _live);
        if (parts is null || parts.Frames.FrameCount <= FrameCount)
        {
            parts?.Dispose();
            return false;
        }

        try
        {
            // The last frame must be readable, or the lists were torn.
            parts.Frames.Read(parts.Frames.FrameCount - 1, 1, 0, 1, new float[parts.Frames.ColumnCount]);
        }
        catch
        {
            parts.Dispose();
            throw;
        }

        // Somebody may still compute with the earlier state.
        if (Scan is { } before)
        {
            _earlier.Add(before);
        }

        Scan = new TomographyScan(parts);
        return true;
    }
}
