using System.Runtime.InteropServices;

namespace Beamline.Data.Writing;

/// <summary>Bare little-endian float32 behind a prefix: .raw (no prefix) and .npy (its header).</summary>
internal sealed class RawVolumeSink : VolumeSink
{
    private readonly FileStream _file;
    private readonly long _offset;

    internal RawVolumeSink(string path, VolumeHeader header, byte[] prefix)
        : base(header)
    {
        _offset = prefix.Length;
        var total = prefix.Length + ((long)header.Slices * header.Rows * header.Columns * sizeof(float));

        // The size is asked for at once, so that a disk that is too small says so before hours of work.
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            PreallocationSize = total,
        });
        _file.Write(prefix);
    }

    internal override void WriteSlice(int z, ReadOnlySpan<float> values)
    {
        _file.Position = _offset + ((long)z * Header.Rows * Header.Columns * sizeof(float));
        foreach (var part in Parts(values))
        {
            _file.Write(MemoryMarshal.AsBytes(values[part]));
        }
    }

    internal override void Finish() => _file.Dispose();

    public override void Dispose() => OutputFailures.CloseQuietly(_file);

    private static List<Range> Parts(ReadOnlySpan<float> values)
    {
        // Bytes of one slice may be more than a span can count.
        const int Most = 1 << 28;
        var parts = new List<Range>();
        for (var start = 0; start < values.Length; start += Most)
        {
            parts.Add(start..Math.Min(start + Most, values.Length));
        }

        return parts;
    }
}
