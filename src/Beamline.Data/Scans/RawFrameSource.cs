using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Beamline.Data.Scans;

/// <summary>Bare numbers in a file: raw frames, or the values behind an npy header. Reads are positional and need no lock.</summary>
internal sealed class RawFrameSource : FrameSource
{
    private const int PieceBytes = 8 << 20;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _offset;

    internal RawFrameSource(string path, long frames, long rows, long columns, ElementType type, long offsetBytes)
        : base(Path.GetFileName(path), frames, rows, columns, type)
    {
        (_path, _offset) = (path, offsetBytes);
        try
        {
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw MissingFile.Error(path, e);
        }

        var needed = checked(offsetBytes + (frames * rows * columns * type.Size));
        var there = RandomAccess.GetLength(_file);
        if (there < needed)
        {
            _file.Dispose();
            throw new DataFormatException(
                path,
                $"{frames} x {rows} x {columns} values of {type}{(offsetBytes > 0 ? $" after {offsetBytes:N0} bytes" : "")} need " +
                $"{needed:N0} bytes, but the file has {there:N0}. Is the file cut off, or the shape or type wrong?");
        }
    }

    internal override void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination)
    {
        for (var frame = 0; frame < frameCount; frame++)
        {
            var first = (((long)(frameStart + frame) * RowCount) + rowStart) * ColumnCount;
            var values = rowCount * ColumnCount;
            ReadRun(first, destination.Slice(frame * values, values));
        }
    }

    public override void Dispose()
    {
        _file.Dispose();
        base.Dispose();
    }

    private void ReadRun(long first, Span<float> destination)
    {
        var size = Type.Size;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(PieceBytes, (long)destination.Length * size));
        try
        {
            var mostValues = buffer.Length / size;
            for (var done = 0; done < destination.Length;)
            {
                var values = Math.Min(mostValues, destination.Length - done);
                var bytes = buffer.AsSpan(0, values * size);
                Fill(bytes, _offset + ((first + done) * size));
                NumberConversion.ToFloats(bytes, Type, destination.Slice(done, values));
                done += values;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Fill(Span<byte> bytes, long position)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file, bytes, position);
            if (read == 0)
            {
                throw new DataFormatException(_path, $"the file ended at byte {position:N0} while it was read. Was it cut while open?");
            }

            position += read;
            bytes = bytes[read..];
        }
    }
}
