using Beamline.Arrays;
using BitMiracle.LibTiff.Classic;

namespace Beamline.Data.Tests;

/// <summary>TIFF stacks in every way that cameras and programs write them.</summary>
public sealed class TiffTests
{
    private const int Rows = 37;
    private const int Columns = 29;

    [Theory]
    [InlineData(8, SampleFormat.UINT, Compression.NONE, "w", false)]
    [InlineData(16, SampleFormat.UINT, Compression.LZW, "w", false)]
    [InlineData(16, SampleFormat.UINT, Compression.NONE, "wb", false)]
    [InlineData(16, SampleFormat.INT, Compression.NONE, "wl", false)]
    [InlineData(32, SampleFormat.UINT, Compression.ADOBE_DEFLATE, "wb", false)]
    [InlineData(32, SampleFormat.IEEEFP, Compression.NONE, "wb", false)]
    [InlineData(32, SampleFormat.IEEEFP, Compression.LZW, "w", true)]
    [InlineData(16, SampleFormat.UINT, Compression.DEFLATE, "wb", true)]
    [InlineData(64, SampleFormat.IEEEFP, Compression.NONE, "w", false)]
    public void Strips_tiles_types_compressions_and_byte_orders_read_the_same(
        int bits, SampleFormat format, Compression compression, string mode, bool tiled)
    {
        using var folder = new TestFolder();
        for (var page = 0; page < 3; page++)
        {
            Write(folder[$"p_{page * 5}.tif"], mode, bits, format, compression, tiled, [page]);
        }

        Write(folder["all.tiff"], mode, bits, format, compression, tiled, [0, 1, 2]);
        foreach (var path in new[] { folder["p_*.tif"], folder["all.tiff"] })
        {
            using var scan = TomographyScan.Open(path, new ScanOptions { AngleRange = new(0, 60) });
            Assert.Equal((3, Rows, Columns), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
            var block = new float[3 * 20 * Columns];
            scan.Frames.Read(new StackRegion(0, 3, 11, 20), block);
            for (var i = 0; i < block.Length; i++)
            {
                var (page, row, column) = (i / (20 * Columns), 11 + (i / Columns % 20), i % Columns);
                Assert.Equal(Value(page, row, column), block[i]);
            }

            Assert.Equal(Value(1, 5, 6), scan.Frames.Projection(1)[5, 6]);
        }
    }

    [Fact]
    public void Files_come_in_the_order_of_their_numbers()
    {
        using var folder = new TestFolder();
        foreach (var number in new[] { 10, 2, 100, 1 })
        {
            Write(folder[$"img_{number}.TIF"], "w", 16, SampleFormat.UINT, Compression.NONE, false, [number % 7]);
        }

        using var scan = TomographyScan.Open(folder.Root, new ScanOptions { AngleRange = new(0, 1) });
        Assert.Equal(
            new[] { 1, 2, 3, 2 }.Select(p => Value(p, 3, 4)), Enumerable.Range(0, 4).Select(i => scan.Frames.Projection(i)[3, 4]));
    }

    [Fact]
    public void A_file_beyond_four_gigabytes_becomes_a_bigtiff_that_reads_back()
    {
        using var folder = new TestFolder();
        using (var output = new Tiff.TiffOutput(folder["big.tif"], expectedBytes: 5_000_000_000))
        {
            for (var page = 0; page < 3; page++)
            {
                output.WritePage(2, 3, [page, 1, 2, 3, 4, 5], page == 0 ? "first" : null);
            }
        }

        Assert.Equal(43, File.ReadAllBytes(folder["big.tif"])[2]);
        using var volume = Volume.Open(folder["big.tif"]);
        Assert.Equal((3, 2f, 5f), (volume.SliceCount, volume[2, 0, 0], volume[2, 1, 2]));
        var sum = H5py.Run("from skimage.io import imread\nprint(imread(sys.argv[1]).sum())", folder["big.tif"]);
        Assert.Equal(48, double.Parse(sum));
    }

    [Theory]
    [InlineData(Photometric.RGB)]
    [InlineData(Photometric.MINISBLACK)]
    public void Color_images_are_refused(Photometric photometric)
    {
        using var folder = new TestFolder();
        using (var tiff = BitMiracle.LibTiff.Classic.Tiff.Open(folder["rgb.tif"], "w"))
        {
            Header(tiff, 8, SampleFormat.UINT, Compression.NONE);
            tiff.SetField(TiffTag.SAMPLESPERPIXEL, 3);
            tiff.SetField(TiffTag.PHOTOMETRIC, photometric);
            tiff.SetField(TiffTag.ROWSPERSTRIP, Rows);
            tiff.WriteEncodedStrip(0, new byte[Rows * Columns * 3], Rows * Columns * 3);
        }

        var error = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["rgb.tif"], new ScanOptions { AngleRange = new(0, 1) }));
        Assert.Contains("color image (3 samples a pixel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_off_foreign_and_odd_sized_files_are_named()
    {
        using var folder = new TestFolder();
        Write(folder["a_1.tif"], "w", 16, SampleFormat.UINT, Compression.NONE, false, [1]);
        var bytes = File.ReadAllBytes(folder["a_1.tif"]);
        File.WriteAllBytes(folder["cut.tif"], bytes[..(bytes.Length / 2)]);
        File.WriteAllText(folder["text.tif"], "no image");
        using (var tiff = BitMiracle.LibTiff.Classic.Tiff.Open(folder["a_2.tif"], "w"))
        {
            Header(tiff, 16, SampleFormat.UINT, Compression.NONE);
            tiff.SetField(TiffTag.IMAGEWIDTH, 10);
            tiff.SetField(TiffTag.ROWSPERSTRIP, Rows);
            tiff.WriteEncodedStrip(0, new byte[Rows * 20], Rows * 20);
        }

        var options = new ScanOptions { AngleRange = new(0, 1) };
        Assert.StartsWith("cut.tif: ", Assert.Throws<DataFormatException>(() => Read(folder["cut.tif"])).Message, StringComparison.Ordinal);
        Assert.Contains("not a TIFF file", Assert.Throws<DataFormatException>(() => Read(folder["text.tif"])).Message, StringComparison.Ordinal);
        var odd = Assert.Throws<DataFormatException>(() => Read(folder["a_*.tif"]));
        Assert.StartsWith("a_2.tif: this image has 37 rows x 10 columns", odd.Message, StringComparison.Ordinal);

        void Read(string path)
        {
            using var scan = TomographyScan.Open(path, options);
            for (var i = 0; i < scan.Frames.AngleCount; i++)
            {
                scan.Frames.Projection(i);
            }
        }
    }

    private static float Value(int page, int row, int column) => ((page * 50) + (row * 3) + column) % 120;

    private static void Header(BitMiracle.LibTiff.Classic.Tiff tiff, int bits, SampleFormat format, Compression compression)
    {
        tiff.SetField(TiffTag.IMAGEWIDTH, Columns);
        tiff.SetField(TiffTag.IMAGELENGTH, Rows);
        tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, 1);
        tiff.SetField(TiffTag.SAMPLEFORMAT, format);
        tiff.SetField(TiffTag.COMPRESSION, compression);
        tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.MINISBLACK);
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
    }

    private static void Write(string path, string mode, int bits, SampleFormat format, Compression compression, bool tiled, int[] pages)
    {
        const int RowsPerStrip = 8;
        const int Tile = 16;
        using var tiff = BitMiracle.LibTiff.Classic.Tiff.Open(path, mode);
        foreach (var page in pages)
        {
            Header(tiff, bits, format, compression);
            if (tiled)
            {
                tiff.SetField(TiffTag.TILEWIDTH, Tile);
                tiff.SetField(TiffTag.TILELENGTH, Tile);
                for (var top = 0; top < Rows; top += Tile)
                {
                    for (var left = 0; left < Columns; left += Tile)
                    {
                        var tile = Bytes(page, top, Tile, left, Tile, bits, format);
                        Assert.True(tiff.WriteTile(tile, left, top, 0, 0) > 0);
                    }
                }
            }
            else
            {
                tiff.SetField(TiffTag.ROWSPERSTRIP, RowsPerStrip);
                for (var top = 0; top < Rows; top += RowsPerStrip)
                {
                    var strip = Bytes(page, top, Math.Min(RowsPerStrip, Rows - top), 0, Columns, bits, format);
                    Assert.True(tiff.WriteEncodedStrip(top / RowsPerStrip, strip, strip.Length) > 0);
                }
            }

            tiff.WriteDirectory();
        }
    }

    private static byte[] Bytes(int page, int top, int rows, int left, int columns, int bits, SampleFormat format)
    {
        var bytes = new List<byte>();
        for (var row = top; row < top + rows; row++)
        {
            for (var column = left; column < left + columns; column++)
            {
                var value = row < Rows && column < Columns ? Value(page, row, column) : 0;
                bytes.AddRange((bits, format) switch
                {
                    (8, _) => [(byte)value],
                    (16, _) => BitConverter.GetBytes((ushort)value),
                    (32, SampleFormat.IEEEFP) => BitConverter.GetBytes(value),
                    (32, _) => BitConverter.GetBytes((uint)value),
                    _ => BitConverter.GetBytes((double)value),
                });
            }
        }

        return [.. bytes];
    }
}
