namespace Beamline.Tomography.Preprocessing;

/// <summary>Vo 2018, algorithm 3: neighboring columns hold nearly the same values in another order, so that ranks compare.</summary>
internal sealed class SortedStripes(int size) : StripeRemover
{
    internal override void Apply(SinogramBlock sinogram)
    {
        var sorted = new SortedColumns(sinogram);
        var smooth = sorted.MedianOverColumns(size);
        for (var c = 0; c < sinogram.Columns; c++)
        {
            sorted.PutBack(smooth, c, sinogram);
        }
    }
}
