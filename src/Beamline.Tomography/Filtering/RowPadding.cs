namespace Beamline.Tomography.Filtering;

/// <summary>Fills the longer row that is transformed behind the columns of the detector.</summary>
internal static unsafe class RowPadding
{
    /// <summary>Fills what lies behind the columns.</summary>
    internal static void Fill(float* data, int columns, int length, int lanes, SinogramPadding padding)
    {
        var free = length - columns;
        if (padding != SinogramPadding.Edge)
        {
            new Span<float>(data + ((long)columns * lanes), free * lanes).Clear();
            return;
        }

        // The row is periodic: behind its right end come copies of the right edge, then copies of the left one.
        for (var i = 0; i < free; i++)
        {
            var edge = data + (i < free / 2 ? (long)(columns - 1) * lanes : 0);
            new Span<float>(edge, lanes).CopyTo(new Span<float>(data + ((long)(columns + i) * lanes), lanes));
        }
    }
}
