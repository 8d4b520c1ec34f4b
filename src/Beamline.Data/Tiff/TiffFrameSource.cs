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

    // Where the pages begin in the one file that has all frames; empty for a file for each frame.
    private readonly long[] _pages;

    private readonly int _rowsTogether;

    internal TiffFrameSource(string[] files)
        : this(files, Inspect(files))
    {
    }

    private TiffFrameSource(string[] files, (TiffPage Page, int Frames, long[] Pages, int RowsTogether) first)
        : base(
            files.Length == 1 ? Path.GetFileName(files[0]) : $"{Path.GetFileName(files[0])} ... {Path.GetFileName(files[^1])}",
            first.Frames,
            first.Page.Rows,
            first.Page.Columns,
            first.Page.Type) => (_files, _page, _pages, _rowsTogether) = (files, first.Page, first.Pages, first.RowsTogether);

    internal override (int Frames, int Rows) UnpackedTogether => (1, _rowsTogether);

    internal override void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination)
    {
        var block = rowCount * ColumnCount;
        if (_files.Length == 1)
        {
            using var file = TiffFile.Open(_files[0]);
            for (var i = 0; i < frameCount; i++)
            {
                file.Select(frameStart + i, _pages[frameStart + i]);
                ReadPage(file, _files[0], frameStart + i, rowStart, rowCount, destination.Slice(i * block, block));
            }

            return;
        }

        for (var i = 0; i < frameCount; i++)
        {
            using var file = TiffFile.Open(_files[frameStart + i]);
            ReadPage(file, _files[frameStart + i], null, rowStart, rowCount, destination.Slice(i * block, block));
        }
    }

    /// <summary>The frames of some files; ImageJ's large stacks, which have the numbers of all frames behind one page, as bare numbers.</summary>
    internal static FrameSource Open(string[] files)
    {
        if (files.Length > 1)
        {
            return new TiffFrameSource(files);
        }

        using var file = TiffFile.Open(files[0]);
        var page = file.Page();
        return ImageJStack.FrameCount(file) is { } count && TiffPages.Offsets(files[0]).Length == 1 && file.PlainOffset(page) is { } offset
            ? new RawFrameSource(files[0], count, page.Rows, page.Columns, file.IsBigEndian && page.Type.Size > 1 ? page.Type.AsBigEndian() : page.Type, offset)
            : new TiffFrameSource(files);
    }

    private static (TiffPage Page, int Frames, long[] Pages, int RowsTogether) Inspect(string[] files)
    {
        using var file = TiffFile.Open(files[0]);
        var pages = files.Length > 1 ? [] : TiffPages.Offsets(files[0]);
        var page = file.Page();
        return (page, files.Length > 1 ? files.Length : pages.Length, pages, file.RowsTogether(page));
    }

    private void ReadPage(TiffFile file, string path, int? number, int rowStart, int rowCount, Span<float> destination)
    {
        var page = file.Page();
        if (page.Rows != _page.Rows || page.Columns != _page.Columns)
        {
            throw new DataFormatException(
                path,
                $"{(number is { } n ? $"page {n} of this file" : "this image")} has {page.Rows} rows x {page.Columns} columns, but the first of the stack has {_page.Rows} x {_page.Columns}. " +
                (number is null ? "Leave it out of the folder or pattern." : "Save the frames of one size only."));
        }

        file.ReadRows(page, rowStart, rowCount, destination);
    }
}
