using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Analytic;

/// <summary>Where the slices of a reconstruction go while it runs: memory, or a file that is mapped at the end.</summary>
internal abstract class VolumeStore : IDisposable
{
    protected VolumeStore(int sliceCount, int imageSize) => (SliceCount, ImageSize) = (sliceCount, imageSize);

    internal int SliceCount { get; }

    internal int ImageSize { get; }

    internal static VolumeStore Create(ReconstructionPlan plan, RunContext context) =>
        plan.ResultOnDisk
            ? new FileVolumeStore(plan.SliceCount, plan.ImageSize, context.ScratchFolder)
            : new MemoryVolumeStore(plan.SliceCount, plan.ImageSize);

    /// <summary>Takes some rows of the slices that a band holds in its first lanes.</summary>
    internal abstract void Write(InterleavedSlab band, int firstSlice, int sliceCount, int firstRow, RunContext context);

    /// <summary>Reads the first rows of a slice that were written.</summary>
    internal abstract void Read(int slice, Span<float> rows);

    /// <summary>Hands the elements over; the store is then empty.</summary>
    internal abstract ArrayMemory<float> Complete();

    public abstract void Dispose();
}

/// <summary>Slices in memory.</summary>
internal sealed class MemoryVolumeStore(int sliceCount, int imageSize) : VolumeStore(sliceCount, imageSize)
{
    private ArrayMemory<float>? _memory = ArrayMemory.Allocate<float>((long)sliceCount * imageSize * imageSize);

    internal override unsafe void Write(InterleavedSlab band, int firstSlice, int sliceCount, int firstRow, RunContext context)
    {
        var sliceLength = ImageSize * ImageSize;
        var memory = _memory!;
        ParallelWork.For(band.OuterCount, context, row =>
        {
            var start = ((long)firstSlice * sliceLength) + ((long)(firstRow + row) * ImageSize);
            var length = ((long)(sliceCount - 1) * sliceLength) + ImageSize;
            band.GetLanes(row, memory.Span(start, checked((int)length)), sliceLength, sliceCount);
        });
    }

    internal override void Read(int slice, Span<float> rows) =>
        _memory!.Span((long)slice * ImageSize * ImageSize, rows.Length).CopyTo(rows);

    internal override ArrayMemory<float> Complete()
    {
        var memory = _memory!;
        _memory = null;
        return memory;
    }

    public override void Dispose() => _memory?.Dispose();
}

/// <summary>Slices in a file without a name of the user's; it goes when the volume is disposed.</summary>
internal sealed class FileVolumeStore : VolumeStore
{
    private readonly string _path;
    private Microsoft.Win32.SafeHandles.SafeFileHandle? _file;
    private float[] _rows = [];

    internal FileVolumeStore(int sliceCount, int imageSize, string folder)
        : base(sliceCount, imageSize)
    {
        _path = Path.Combine(folder, $"beamline-volume-{Guid.NewGuid():N}.raw");
        try
        {
            _file = File.OpenHandle(
                _path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None,
                preallocationSize: (long)sliceCount * imageSize * imageSize * sizeof(float));
            // Reserving blocks does not make the file longer.
            RandomAccess.SetLength(_file, (long)sliceCount * imageSize * imageSize * sizeof(float));
        }
        catch (IOException e)
        {
            Dispose();
            throw new IOException(
                $"The volume does not fit in memory, and the scratch folder {folder} cannot hold it either: {e.Message} " +
                "Point TMPDIR to a disk with more room, or raise --memory-limit.", e);
        }
    }

    internal override void Write(InterleavedSlab band, int firstSlice, int sliceCount, int firstRow, RunContext context)
    {
        var laneLength = band.OuterCount * ImageSize;
        if (_rows.Length < laneLength * sliceCount)
        {
            _rows = new float[laneLength * sliceCount];
        }

        ParallelWork.For(
            band.OuterCount,
            context,
            row => band.GetLanes(row, _rows.AsSpan(row * ImageSize, (laneLength * (sliceCount - 1)) + ImageSize), laneLength, sliceCount));
        ParallelWork.For(sliceCount, context, lane =>
        {
            var offset = (((long)(firstSlice + lane) * ImageSize) + firstRow) * ImageSize * sizeof(float);
            RandomAccess.Write(
                _file!, System.Runtime.InteropServices.MemoryMarshal.AsBytes(_rows.AsSpan(lane * laneLength, laneLength)), offset);
        });
    }

    internal override void Read(int slice, Span<float> rows)
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(rows);
        var offset = (long)slice * ImageSize * ImageSize * sizeof(float);
        while (bytes.Length > 0 && RandomAccess.Read(_file!, bytes, offset) is var read and > 0)
        {
            bytes = bytes[read..];
            offset += read;
        }
    }

    internal override ArrayMemory<float> Complete()
    {
        _file!.Dispose();
        _file = null;
        var memory = ArrayMemory.OpenMapped<float>(
            _path, (long)SliceCount * ImageSize * ImageSize, writable: true, deleteOnDispose: true);
        if (!OperatingSystem.IsWindows())
        {
            // A process ends without finalizers, and scripts seldom dispose volumes. Without a name the file's blocks
            // are given back when the mapping goes, however the process ends.
            File.Delete(_path);
        }

        return memory;
    }

    public override void Dispose()
    {
        if (_file is not null)
        {
            _file.Dispose();
            _file = null;
            File.Delete(_path);
        }
    }
}
