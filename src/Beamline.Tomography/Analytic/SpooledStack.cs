using System.Runtime.InteropServices;
using Beamline.Arrays;
using Microsoft.Win32.SafeHandles;

namespace Beamline.Tomography.Analytic;

/// <summary>Projections in a file of the scratch folder without a name of the user's: 32-bit floats [angle, row, column].</summary>
internal sealed class SpooledStack : ProjectionStack
{
    private readonly SafeFileHandle _file;

    /// <summary>Reserves the file; it is empty until <see cref="Write"/>.</summary>
    /// <exception cref="IOException">The folder has no room, or cannot be written.</exception>
    internal SpooledStack(ProjectionStack source, string folder)
        : base(source.AnglesDegrees, source.RowCount, source.ColumnCount)
    {
        PixelSize = source.PixelSize;
        Quantity = source.Quantity;
        Provenance = source.Provenance;
        var path = Path.Combine(folder, $"beamline-projections-{Guid.NewGuid():N}.raw");
        try
        {
            _file = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose, preallocationSize: ByteLength);
            if (!OperatingSystem.IsWindows())
            {
                // Without a name its blocks go with the handle, however the process ends.
                File.Delete(path);
            }
        }
        catch (IOException e)
        {
            File.Delete(path);
            throw new IOException(
                $"The scan is compressed and is unpacked once into a file, but the scratch folder {folder} cannot hold it: {e.Message} " +
                "Point TMPDIR to a disk with more room, or raise --memory-limit.", e);
        }
    }

    /// <summary>Takes the values of a region.</summary>
    internal void Write(StackRegion region, ReadOnlySpan<float> values)
    {
        foreach (var (offset, start, length) in Runs(region))
        {
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(values.Slice(start, length)), offset);
        }
    }

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        foreach (var (offset, start, length) in Runs(region))
        {
            var bytes = MemoryMarshal.AsBytes(destination.Slice(start, length));
            for (var done = 0; done < bytes.Length;)
            {
                var read = RandomAccess.Read(_file, bytes[done..], offset + done);
                if (read == 0)
                {
                    throw new EndOfStreamException("The file with the unpacked projections was cut off while the run needed it.");
                }

                done += read;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Where pieces of a region lie in the file that are in one piece there: some frames, or the rows of one.</summary>
    private IEnumerable<(long Offset, int Start, int Length)> Runs(StackRegion region)
    {
        var frames = region.RowCount == RowCount ? region.AngleCount : 1;
        var length = frames * region.RowCount * ColumnCount;
        for (var i = 0; i < region.AngleCount; i += frames)
        {
            var row = ((long)(region.AngleStart + i) * RowCount) + region.RowStart;
            yield return (row * ColumnCount * sizeof(float), i * region.RowCount * ColumnCount, length);
        }
    }
}
