using System.Buffers;
using Beamline.Data.Scans;

namespace Beamline.Data.Xradia;

/// <summary>Images of an XRM or TXRM file: each is a stream, a hundred of them to a folder.</summary>
internal sealed class XrmFrameSource(CompoundFile file, string description, string[] streams, int rows, int columns, ElementType type, bool owns)
    : FrameSource(description, streams.Length, rows, columns, type)
{
    internal override void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination)
    {
        var values = rowCount * ColumnCount;
        var buffer = ArrayPool<byte>.Shared.Rent(values * Type.Size);
        try
        {
            var bytes = buffer.AsSpan(0, values * Type.Size);
            for (var frame = 0; frame < frameCount; frame++)
            {
                file.Read(streams[frameStart + frame], (long)rowStart * ColumnCount * Type.Size, bytes);
                NumberConversion.ToFloats(bytes, Type, destination.Slice(frame * values, values));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void Dispose()
    {
        if (owns)
        {
            file.Dispose();
        }

        base.Dispose();
    }
}
