namespace Beamline.Tomography;

/// <summary>How stripes of a sinogram (rings of a slice) are removed.</summary>
public enum StripeMethod
{
    /// <summary>Unresponsive and fluctuating columns, then stripes at all or some angles that are found by their edges, then faint ones. The default.</summary>
    All,

    /// <summary>Vo's algorithm 3: sorts each column by value, so that the same rank is compared between columns by a median. Small and partial stripes.</summary>
    Sorting,

    /// <summary>Vo's algorithm 2: the slow part of each column goes through a median over columns. Small stripes.</summary>
    Filtering,

    /// <summary>Vo's algorithm 1: a polynomial along each column is made smooth over columns. Blurry stripes of samples that change slowly with angle.</summary>
    Fitting,

    /// <summary>Stripes found by their edges; then Vo's algorithm 5, which finds stripes, normalizes, and replaces what is left of them by ranks. Large stripes.</summary>
    Large,

    /// <summary>Vo's algorithm 6: finds columns that do not respond or flicker, and interpolates over them.</summary>
    Dead,

    /// <summary>Finds stripes as <see cref="Large"/> does and interpolates over them. Stripes that are wrong beyond repair.</summary>
    Interpolation,

    /// <summary>Münch: damps what is slow along the angle in the vertical details of a wavelet transform.</summary>
    WaveletFourier,

    /// <summary>Titarenko: the offset of each column that makes the mean of the columns smoothest, in closed form.</summary>
    Titarenko,
}
