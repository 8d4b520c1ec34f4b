using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>
/// Rows picked all over a volume. Of a mapped file the operating system maps what it has at hand around each row that is touched, 64 kB, so that
/// some ten thousand rows would count as a gigabyte of this process: after a while they are let go.
/// </summary>
internal sealed class PagedRows(Volume volume)
{
    private const int MostRows = 512;
    private int _rows;

    /// <summary>One row of values.</summary>
    public ReadOnlySpan<float> Row(int z, int y)
    {
        if (++_rows % MostRows == 0)
        {
            volume.Memory.ReleasePages();
        }

        return volume.Row(z, y);
    }
}
