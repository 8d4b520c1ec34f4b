using Beamline.Data.Scans;

namespace Beamline.Data.Tiff;

/// <summary>
/// Frames in TIFF files: the pages of one file, or one page in each of several. Each read opens the files that it needs,
/// so that threads do not share LibTiff's state.
/// </summary>
internal sealed class TiffFrameSource : FrameSource
{
    private readonly string[] _files;
    private readonly TiffPage _page;

    internal TiffFrameSource(string[] files)
        : this(files, Inspect(files))
    {
    }

    private TiffFrameSource(string[] files, (TiffPage Page, int Frames) first)
        : base(
            files.Length == 1 ? Path.GetFileName(files[0]) : $"{Path.GetFileName(files[0])} ... {Path.GetFileName(files[^1])}",
            first.Frames,
            first.Page.Rows,
            first.Page.Columns,
            first.Page.Type) => (_files, _page) = (files, first.Page);

    internal override void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination)
    {
        var block = rowCount * ColumnCount;
        if (_files.Length == 1)
        {
            using var file = TiffFile.Open(_files[0]);
            for (var i = 0; i < frameCount; i++)
            {
                file.Select(frameStart + i);
                ReadPage(file, _files[0], rowStart, rowCount, destination.Slice(i * block, block));
            }

            return;
        }

        for (var i = 0; i < frameCount; i++)
        {
            using var file = TiffFile.Open(_files[frameStart + i]);
            ReadPage(file, _files[frameStart + i], rowStart, rowCount, destination.Slice(i * block, block));
        }
    }

    private static (TiffPage Page, int Frames) Inspect(string[] files)
    {
        using var file = TiffFile.Open(files[0]);
        var page = file.Page();
        return (page, files.Length > 1 ? files.Length : file.PageCount());
    }

    private void ReadPage(TiffFile file, string path, int rowStart, int rowCount, Span<float> destination)
    {
        var page = file.Page();
        if (page.Rows != _page.Rows || page.Columns != _page.Columns)
        {
            throw new DataFormatException(
                path,
                $"this image has {page.Rows} rows x {page.Columns} columns, but the first of the stack has {_page.Rows} x {_page.Columns}. " +
                "Leave it out of the folder or pattern.");
        }

        file.ReadRows(page, rowStart, rowCount, destination);
    }
}
