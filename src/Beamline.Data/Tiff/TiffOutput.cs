using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace Beamline.Data.Tiff;

/// <summary>Writes pages of float32 into a TIFF file.</summary>
internal sealed class TiffOutput : IDisposable
{
    private const long MostClassicBytes = 4_000_000_000;
    private readonly BitMiracle.LibTiff.Classic.Tiff _tiff;
    private readonly string _path;
    private readonly FailureKeeper _stream = new();
    private byte[] _strip = [];

    /// <summary>Makes a file; BigTIFF when the values will not fit the 32-bit offsets of a classic one.</summary>
    internal TiffOutput(string path, long expectedBytes)
    {
        _path = path;
        TiffErrors.Listen();

        // Without a buffer, so that a full disk shows in the write that fills it.
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        _tiff = BitMiracle.LibTiff.Classic.Tiff.ClientOpen(path, expectedBytes > MostClassicBytes ? "w8" : "w", stream, _stream)
            ?? throw new DataFormatException(path, $"the TIFF file cannot be made{TiffErrors.Because}.");
    }

    internal void WritePage(int rows, int columns, ReadOnlySpan<float> values, string? description)
    {
        const int StripBytes = 1 << 20;
        var rowsPerStrip = Math.Clamp(StripBytes / (columns * sizeof(float)), 1, rows);
        _tiff.SetField(TiffTag.IMAGEWIDTH, columns);
        _tiff.SetField(TiffTag.IMAGELENGTH, rows);
        _tiff.SetField(TiffTag.BITSPERSAMPLE, 32);
        _tiff.SetField(TiffTag.SAMPLESPERPIXEL, 1);
        _tiff.SetField(TiffTag.SAMPLEFORMAT, SampleFormat.IEEEFP);
        _tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.MINISBLACK);
        _tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
        _tiff.SetField(TiffTag.COMPRESSION, Compression.NONE);
        _tiff.SetField(TiffTag.ROWSPERSTRIP, rowsPerStrip);
        _tiff.SetField(TiffTag.SOFTWARE, "Beamline");
        if (description is not null)
        {
            _tiff.SetField(TiffTag.IMAGEDESCRIPTION, description);
        }

        if (_strip.Length < rowsPerStrip * columns * sizeof(float))
        {
            _strip = new byte[rowsPerStrip * columns * sizeof(float)];
        }

        for (var row = 0; row < rows; row += rowsPerStrip)
        {
            var count = Math.Min(rowsPerStrip, rows - row);
            var bytes = count * columns * sizeof(float);
            MemoryMarshal.AsBytes(values.Slice(row * columns, count * columns)).CopyTo(_strip);
            if (_tiff.WriteEncodedStrip(row / rowsPerStrip, _strip, 0, bytes) != bytes)
            {
                throw Failed();
            }
        }

        if (!_tiff.WriteDirectory())
        {
            throw Failed();
        }
    }

    public void Dispose()
    {
        _tiff.Dispose();
        if (_stream.Failure is { } failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private IOException Failed()
    {
        var failure = _stream.Failure;
        _stream.Failure = null;
        return failure ?? new DataFormatException(_path, $"a page of the TIFF file could not be written{TiffErrors.Because}.");
    }

    /// <summary>LibTiff turns an exception of its stream into "false"; the reason is kept here.</summary>
    private sealed class FailureKeeper : TiffStream
    {
        internal IOException? Failure { get; set; }

        public override void Write(object clientData, byte[] buffer, int offset, int count)
        {
            try
            {
                base.Write(clientData, buffer, offset, count);
            }
            catch (IOException e)
            {
                Failure ??= e;
                throw;
            }
        }
    }
}
