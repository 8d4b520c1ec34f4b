using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Data.Npy;
using Beamline.Data.Scans;
using Beamline.Data.Tiff;
using Beamline.Data.Writing;

namespace Beamline.Data;

/// <summary>Saves pictures to files and opens them again: <c>image.Save("slice.tif")</c>, <c>Image.Open("slice.tif")</c>.</summary>
public static class ImageFiles
{
    extension(Image image)
    {
        /// <summary>Writes the picture as 32-bit floats: .tif or .npy by extension. The file appears when it is complete.</summary>
        /// <param name="path">Where to; the folder must exist.</param>
        /// <exception cref="DataFormatException">The kind is unknown, the folder is missing or cannot be written, or the disk is full.</exception>
        public void Save(string path)
        {
            ArgumentNullException.ThrowIfNull(image);
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            var kind = KindOf(path);
            using var target = new AtomicPath(path);
            try
            {
                if (kind == ".npy")
                {
                    using var file = new FileStream(target.TemporaryPath, FileMode.CreateNew, FileAccess.Write);
                    file.Write(NpyHeader.Write(ElementType.Float32, image.RowCount, image.ColumnCount));
                    file.Write(MemoryMarshal.AsBytes(image.Values));
                }
                else
                {
                    using var output = new TiffOutput(target.TemporaryPath, image.Values.Length * (long)sizeof(float));
                    output.WritePage(image.RowCount, image.ColumnCount, image.Values, HeaderOf(image).ToJson());
                }

                target.Commit();
            }
            catch (Exception e) when (OutputFailures.Explain(path, e) is not null)
            {
                throw OutputFailures.Explain(path, e)!;
            }
        }

        /// <summary>Reads a gray picture of any number type: the first page of a .tif, or a two-dimensional .npy.</summary>
        /// <param name="path">The file.</param>
        /// <exception cref="DataFormatException">It is missing, damaged or no gray picture.</exception>
        public static Image Open(string path)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            return KindOf(path) == ".npy" ? OpenNpy(path) : OpenTiff(path);
        }
    }

    private static Image OpenTiff(string path)
    {
        using var file = TiffFile.Open(path);
        var page = file.Page();
        var values = new float[checked(page.Rows * page.Columns)];
        file.ReadRows(page, 0, page.Rows, values);
        var header = new VolumeHeader(1, page.Rows, page.Columns).WithJson(file.Description());
        return new Image(page.Rows, page.Columns, values)
        {
            Quantity = header.Quantity,
            PixelSizeX = header.VoxelSize?.X,
            PixelSizeY = header.VoxelSize?.Y,
            Title = Path.GetFileNameWithoutExtension(path),
        };
    }

    private static Image OpenNpy(string path)
    {
        var header = NpyHeader.Read(path);
        if (header.Shape.Length != 2 || header.Shape.Contains(0))
        {
            throw new DataFormatException(path, $"the array has the shape ({string.Join(", ", header.Shape)}), but a picture is (row, column).");
        }

        using var source = new RawFrameSource(path, 1, header.Shape[0], header.Shape[1], header.Type, header.DataOffset);
        var values = new float[checked(source.RowCount * source.ColumnCount)];
        source.Read(0, 1, 0, source.RowCount, values);
        return new Image(source.RowCount, source.ColumnCount, values) { Title = Path.GetFileNameWithoutExtension(path) };
    }

    private static VolumeHeader HeaderOf(Image image) => new(1, image.RowCount, image.ColumnCount)
    {
        Quantity = image.Quantity,
        VoxelSize = image.PixelSizeX is { } x && image.PixelSizeY is { } y ? new VoxelSize(x, y, x) : null,
    };

    private static string KindOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".tif" or ".tiff" => ".tif",
        ".npy" => ".npy",
        var other => throw new DataFormatException(path, $"'{other}' is no kind of picture file for data. Kinds are .tif and .npy."),
    };
}
