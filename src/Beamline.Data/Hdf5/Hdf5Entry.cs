namespace Beamline.Data.Hdf5;

/// <summary>One dataset, or one link that leads nowhere, of an HDF5 file.</summary>
/// <param name="Path">Path in the file.</param>
/// <param name="Shape">Shape; empty for a scalar and for a broken link.</param>
/// <param name="TypeName">Type in words, for instance "uint16" or "string".</param>
/// <param name="BrokenLink">Why the link leads nowhere; null for a dataset.</param>
internal sealed record Hdf5Entry(string Path, IReadOnlyList<long> Shape, string TypeName, string? BrokenLink = null)
{
    public override string ToString() =>
        BrokenLink is null ? $"{Path} [{string.Join(',', Shape)}] {TypeName}" : $"{Path} (broken link: {BrokenLink})";
}
