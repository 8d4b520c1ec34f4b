namespace Beamline.Tomography.Filtering;

/// <summary>Copies a row of a sinogram slab into the longer row that is transformed.</summary>
internal static unsafe class RowPadding
{
    internal static void Copy(float* row, float* data, int columns, int length, int lanes, SinogramPadding padding)
    {
        var bytes = (long)columns * lanes * sizeof(float);
        Buffer.MemoryCopy(row, data, bytes, bytes);
        Fill(data, columns, length, lanes, padding);
    }

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
