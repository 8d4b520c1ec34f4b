using BitMiracle.LibTiff.Classic;

namespace Beamline.Data.Tiff;

/// <summary>
/// One TIFF file of gray images, open for reading: one page is one frame. Not for several threads at once.
/// Strips and tiles, any compression that LibTiff knows, both byte orders; classic TIFF and BigTIFF.
/// </summary>
internal sealed class TiffFile : IDisposable
{
    private readonly string _path;
    private readonly BitMiracle.LibTiff.Classic.Tiff _tiff;

    private TiffFile(string path, BitMiracle.LibTiff.Classic.Tiff tiff) => (_path, _tiff) = (path, tiff);

    internal static bool HasTiffName(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".tif" or ".tiff";

    internal static bool IsTiff(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 &&
            ((start[0], start[1], start[2] | start[3]) is ((byte)'I', (byte)'I', 42 or 43) or ((byte)'M', (byte)'M', 42 or 43));
    }

    // LibTiff.NET takes the bytes of the first offset in the wrong order.
    private static bool IsBigEndianBigTiff(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("MM\0+"u8);
    }

    internal static TiffFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw MissingFile.Error(path);
        }

        TiffErrors.Listen();
        BitMiracle.LibTiff.Classic.Tiff? tiff;
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            tiff = BitMiracle.LibTiff.Classic.Tiff.ClientOpen(path, "r", stream, new TiffStream());
            if (tiff is null)
            {
                stream.Dispose();
            }
        }
        catch (Exception e) when (e is not (OutOfMemoryException or IOException or UnauthorizedAccessException))
        {
            // A damaged directory makes LibTiff run out of its arrays.
            throw new DataFormatException(path, $"this TIFF file cannot be read: {e.Message}", null, e);
        }

        return tiff is not null ? new TiffFile(path, tiff)
            : IsBigEndianBigTiff(path) ? throw new DataFormatException(
                path, "this is a BigTIFF file with the most significant byte first, which cannot be read. Write it with the other byte order (tifffile: byteorder='<').")
            : throw new DataFormatException(path, $"this is not a TIFF file that can be read{TiffErrors.Because}. Is it cut off?");
    }

    /// <summary>Shape and type of the current page.</summary>
    internal TiffPage Page()
    {
        var rows = Field(TiffTag.IMAGELENGTH, 0);
        var columns = Field(TiffTag.IMAGEWIDTH, 0);
        var bits = Field(TiffTag.BITSPERSAMPLE, 1);
        var samples = Field(TiffTag.SAMPLESPERPIXEL, 1);
        var photometric = (Photometric)Field(TiffTag.PHOTOMETRIC, (int)Photometric.MINISBLACK);
        var format = (SampleFormat)Field(TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT);
        if (samples != 1 || photometric is Photometric.RGB or Photometric.YCBCR or Photometric.PALETTE)
        {
            throw new DataFormatException(
                _path,
                $"this is a color image ({samples} samples a pixel, {photometric}), not detector counts. Save it as gray: one sample a pixel.");
        }

        ElementKind? kind = format switch
        {
            SampleFormat.UINT or SampleFormat.VOID => ElementKind.Unsigned,
            SampleFormat.INT => ElementKind.Signed,
            SampleFormat.IEEEFP => ElementKind.Float,
            _ => null,
        };
        var valid = kind is not null && (bits is 16 or 32 or 64 || (bits == 8 && kind != ElementKind.Float));
        if (!valid || rows < 1 || columns < 1)
        {
            throw new DataFormatException(
                _path, $"pixels of {bits} bits ({format}) cannot be read. Save the images as 8, 16 or 32 bits gray or 32-bit float.");
        }

        return new TiffPage(rows, columns, new ElementType(kind!.Value, bits / 8));
    }

    /// <summary>The description that the current page carries; null for none.</summary>
    internal string? Description() => _tiff.GetField(TiffTag.IMAGEDESCRIPTION) is [var text, ..] ? text.ToString() : null;

    /// <summary>Goes to the page that begins at an offset; see <see cref="TiffPages"/>.</summary>
    internal void Select(int page, long offset)
    {
        if (!_tiff.SetSubDirectory(offset))
        {
            throw Damaged($"page {page}");
        }
    }

    /// <summary>Where the numbers of the current page begin, when they lie in one piece as they are; null when they are compressed, in tiles or scattered.</summary>
    internal long? PlainOffset(TiffPage page)
    {
        if (_tiff.IsTiled() || (Compression)Field(TiffTag.COMPRESSION, 1) != Compression.NONE ||
            _tiff.GetField(TiffTag.STRIPOFFSETS) is not [var value, ..] || Offsets(value.Value) is not { Length: > 0 } offsets)
        {
            return null;
        }

        var stripBytes = (long)Math.Clamp(Field(TiffTag.ROWSPERSTRIP, page.Rows), 1, page.Rows) * page.Columns * page.Type.Size;
        for (var i = 1; i < offsets.Length; i++)
        {
            if (offsets[i] != offsets[0] + (i * stripBytes))
            {
                return null;
            }
        }

        return offsets[0];
    }

    private static long[]? Offsets(object value) => value switch
    {
        long[] wide => wide,
        ulong[] wide => Array.ConvertAll(wide, v => (long)v),
        int[] narrow => Array.ConvertAll(narrow, v => (long)(uint)v),
        uint[] narrow => Array.ConvertAll(narrow, v => (long)v),
        _ => null,
    };

    /// <summary>Whether the file has the most significant byte of a number first.</summary>
    internal bool IsBigEndian => _tiff.IsBigEndian();

    /// <summary>Reads some rows of the current page.</summary>
    internal void ReadRows(TiffPage page, int rowStart, int rowCount, Span<float> destination)
    {
        TiffErrors.Clear();
        try
        {
            if (_tiff.IsTiled())
            {
                ReadTiles(page, rowStart, rowCount, destination);
            }
            else
            {
                ReadStrips(page, rowStart, rowCount, destination);
            }
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or NullReferenceException or OverflowException)
        {
            // What LibTiff throws on damaged or cut-off data.
            throw new DataFormatException(_path, $"the image data are damaged or cut off: {e.Message}", null, e);
        }
    }

    public void Dispose() => _tiff.Dispose();

    /// <summary>Rows of a strip or of a tile: they are decoded together.</summary>
    internal int RowsTogether(TiffPage page) =>
        Math.Clamp(Field(_tiff.IsTiled() ? TiffTag.TILELENGTH : TiffTag.ROWSPERSTRIP, page.Rows), 1, page.Rows);

    private void ReadStrips(TiffPage page, int rowStart, int rowCount, Span<float> destination)
    {
        // Whole strips, because a compressed strip can be decoded only from its beginning.
        var size = page.Type.Size;
        var rowsPerStrip = Math.Clamp(Field(TiffTag.ROWSPERSTRIP, page.Rows), 1, page.Rows);
        var buffer = new byte[checked(rowsPerStrip * page.Columns * size)];
        for (var strip = rowStart / rowsPerStrip; strip * rowsPerStrip < rowStart + rowCount; strip++)
        {
            var first = strip * rowsPerStrip;
            var rows = Math.Min(rowsPerStrip, page.Rows - first);
            var bytes = rows * page.Columns * size;
            if (_tiff.ReadEncodedStrip(strip, buffer, 0, bytes) != bytes)
            {
                throw Damaged($"rows {first} to {first + rows - 1}");
            }

            var from = Math.Max(first, rowStart);
            var until = Math.Min(first + rows, rowStart + rowCount);
            var wanted = buffer.AsSpan((from - first) * page.Columns * size, (until - from) * page.Columns * size);
            NumberConversion.ToFloats(wanted, page.Type, destination.Slice((from - rowStart) * page.Columns, (until - from) * page.Columns));
        }
    }

    private void ReadTiles(TiffPage page, int rowStart, int rowCount, Span<float> destination)
    {
        var size = page.Type.Size;
        var tileColumns = Field(TiffTag.TILEWIDTH, 0);
        var tileRows = Field(TiffTag.TILELENGTH, 0);
        var buffer = new byte[_tiff.TileSize()];
        for (var tileTop = rowStart / tileRows * tileRows; tileTop < rowStart + rowCount; tileTop += tileRows)
        {
            for (var tileLeft = 0; tileLeft < page.Columns; tileLeft += tileColumns)
            {
                if (_tiff.ReadTile(buffer, 0, tileLeft, tileTop, 0, 0) < 0)
                {
                    throw Damaged($"the tile at row {tileTop}, column {tileLeft}");
                }

                var columns = Math.Min(tileColumns, page.Columns - tileLeft);
                for (var row = Math.Max(tileTop, rowStart); row < Math.Min(tileTop + tileRows, rowStart + rowCount); row++)
                {
                    var line = buffer.AsSpan((row - tileTop) * tileColumns * size, columns * size);
                    NumberConversion.ToFloats(line, page.Type, destination.Slice(((row - rowStart) * page.Columns) + tileLeft, columns));
                }
            }
        }
    }

    private int Field(TiffTag tag, int otherwise) =>
        _tiff.GetFieldDefaulted(tag) is [var value, ..] ? value.ToInt() : otherwise;

    private DataFormatException Damaged(string what) =>
        new(_path, $"{what} cannot be decoded{TiffErrors.Because}. Is the file cut off?");
}

/// <summary>Shape and type of one TIFF page.</summary>
internal readonly record struct TiffPage(int Rows, int Columns, ElementType Type);
