using Beamline.Data.Scans;

namespace Beamline.Data.Matlab;

/// <summary>Sinograms and stacks in MATLAB files: the largest array, and the list of numbers whose name speaks of angles.</summary>
internal static class MatScan
{
    internal static ScanParts Open(string path, ScanOptions options)
    {
        var file = MatFile.Open(path);
        var data = options.DataPath is { } given ? Named(file, given) : Largest(file);
        var (angles, said) = Angles(file, data, options);
        var frames = MatFrameSource.Of(file, data, angles?.Length ?? options.AnglesDegrees?.Count);
        return ImageScan.Assemble(path, frames, options, new FileFacts
        {
            AnglesDegrees = angles,
            NoAngles = said,
            Flats = options.FlatPath is { } flats ? MatFrameSource.Of(file, Named(file, flats), null) : null,
            Darks = options.DarkPath is { } darks ? MatFrameSource.Of(file, Named(file, darks), null) : null,
            Metadata = file.Arrays.ToDictionary(a => a.Name, a => a.Length == 1 ? file.Read(a)[0].ToString("R") : a.ToString(), StringComparer.Ordinal),
        });
    }

    private static MatArray Named(MatFile file, string name) =>
        file.Arrays.FirstOrDefault(a => a.Name == name.TrimStart('/')) ?? throw new DataFormatException(
            file.FilePath,
            $"there is no numeric variable {name}. Present: {string.Join(", ", file.Arrays)}." + Nearest.DidYouMean(name, file.Arrays.Select(a => a.Name)),
            name);

    private static MatArray Largest(MatFile file) =>
        file.Arrays.Where(a => a.Shape.Length is 2 or 3 && a.Shape.Count(n => n > 1) >= 2).MaxBy(a => a.Length) ??
        throw new DataFormatException(
            file.FilePath,
            $"no variable is a sinogram or stack of images. Present: {string.Join(", ", file.Arrays)}. (Structures and cells are not read.)");

    private static (double[]? Degrees, string Said) Angles(MatFile file, MatArray data, ScanOptions options)
    {
        var array = options.AnglePath is { } given ? Named(file, given) : file.Arrays.FirstOrDefault(a =>
            a != data && a.Length > 1 && data.Shape.Contains((int)Math.Min(a.Length, int.MaxValue)) &&
            (a.Name.Contains("ang", StringComparison.OrdinalIgnoreCase) || a.Name.Contains("theta", StringComparison.OrdinalIgnoreCase)));
        if (array is null)
        {
            return (null, "no variable of the MATLAB file is named like angles and as long as an axis of " + data);
        }

        var values = file.Read(array);
        var radians = options.AngleUnit == AngleUnit.Radians ||
            (options.AngleUnit is null && array.Name.Contains("rad", StringComparison.OrdinalIgnoreCase));
        return (radians ? Array.ConvertAll(values, a => a * (180 / Math.PI)) : values, "");
    }
}
