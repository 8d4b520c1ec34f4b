using Beamline.Data.Tiff;

namespace Beamline.Data.Writing;

/// <summary>One TIFF file with a page for each slice; the description of the first page says what the values mean.</summary>
internal sealed class TiffVolumeSink : VolumeSink
{
    private const int MostPages = short.MaxValue;
    private readonly TiffOutput _output;
    private bool _closed;

    internal TiffVolumeSink(string path, VolumeHeader header)
        : base(header)
    {
        if (header.Slices > MostPages)
        {
            throw new DataFormatException(
                path, $"a TIFF file holds at most {MostPages} pages and the volume has {header.Slices} slices. Save it as .h5 or as a folder.");
        }

        _output = new TiffOutput(path, (long)header.Slices * header.Rows * header.Columns * sizeof(float));
    }

    internal override bool InOrder => true;

    internal override void WriteSlice(int z, ReadOnlySpan<float> values) =>
        _output.WritePage(Header.Rows, Header.Columns, values, z == 0 ? Header.ToJson() : null);

    internal override void Finish()
    {
        _closed = true;
        _output.Dispose();
    }

    public override void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            OutputFailures.CloseQuietly(_output);
        }
    }
}

/// <summary>A folder with one TIFF file for each slice, recon_00000.tiff and on: the way of TomoPy and TomocuPy; projection_00000.tiff for projections.</summary>
internal sealed class TiffFolderSink : VolumeSink
{
    private readonly string _folder;

    internal TiffFolderSink(string folder, VolumeHeader header)
        : base(header)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    internal override void WriteSlice(int z, ReadOnlySpan<float> values)
    {
        using var output = new TiffOutput(Path.Combine(_folder, $"{Header.FilePrefix}{z:00000}.tiff"), values.Length * (long)sizeof(float));
        output.WritePage(Header.Rows, Header.Columns, values, Header.ToJson(withAngles: z == 0));
    }

    internal override void Finish()
    {
    }

    public override void Dispose()
    {
    }
}
