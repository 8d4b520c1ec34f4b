using System.Globalization;
using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// The folder of a run's checkpoints. Its file run.txt says in words which run they belong to; another run is refused rather
/// than continued from the wrong place.
/// </summary>
internal sealed class RunCheckpoints
{
    private const string NameOfRun = "run.txt";
    private readonly string _folder;
    private readonly DateTime? _before;

    private RunCheckpoints(string folder, DateTime? before) => (_folder, _before) = (folder, before);

    /// <summary>Lanes of the slabs that the folder holds; null when it holds none.</summary>
    internal static int? Lanes(string? folder)
    {
        var path = folder is null ? null : Path.Combine(folder, NameOfRun);
        return path is not null && File.Exists(path) &&
            File.ReadLines(path).FirstOrDefault(l => l.StartsWith("lanes: ", StringComparison.Ordinal)) is { } line &&
            int.TryParse(line.AsSpan("lanes: ".Length), CultureInfo.InvariantCulture, out var lanes) && lanes is 16 or 32
            ? lanes
            : null;
    }

    internal static RunCheckpoints? Open(
        IterativeOptions options, Geometry geometry, int slices, int lanes, Quantity quantity, Length? pixelSize, string machine)
    {
        if (options.CheckpointFolder is not { } folder)
        {
            return null;
        }

        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, NameOfRun);
        string[] run = [.. Describe(options, geometry, slices, quantity, pixelSize, machine), $"lanes: {lanes}"];
        if (options.CheckpointsBefore is not null && File.Exists(path) && !File.ReadAllLines(path).SequenceEqual(run))
        {
            // Nobody chose this folder: an earlier process, with another device or other slabs, is no reason to fail.
            Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
        }

        if (File.Exists(path))
        {
            var found = File.ReadAllLines(path);
            var differs = Enumerable.Range(0, run.Length).FirstOrDefault(i => i >= found.Length || found[i] != run[i], -1);
            if (differs >= 0)
            {
                throw new InvalidOperationException(
                    $"The checkpoints in {folder} belong to another run: there '{Short(differs < found.Length ? found[differs] : "nothing")}', " +
                    $"here '{Short(run[differs])}'. Delete the folder to begin anew, or give another CheckpointFolder.");
            }
        }
        else
        {
            var temporary = path + ".tmp";
            File.WriteAllLines(temporary, run);
            File.Move(temporary, path);
        }

        return new RunCheckpoints(folder, options.CheckpointsBefore);
    }

    internal SlabCheckpoint Slab(int index, byte[] dataHash) => new(_folder, index, dataHash, _before);

    /// <summary>What a run does, in words, but for its division into slabs.</summary>
    internal static string[] Describe(IterativeOptions options, Geometry geometry, int slices, Quantity quantity, Length? pixelSize, string machine) =>
    [
        "Beamline iterative reconstruction, checkpoints 1",
        $"method: {options.Method}, {options.IterationLimit} iterations, {options.Subsets?.ToString() ?? "usual"} subsets, {options.Relaxation}",
        $"penalty: {options.Regularization?.ToString("R") ?? "usual"} {options.Regularizer?.Name}" +
            (options.TvAcrossSlices is { } across ? $", variation across slices {across}" : ""),
        $"bounds: {options.NonNegative} {options.Minimum:R} {options.Maximum:R}, circle {options.MaskOutsideCircle}, mask {Hash(options.Mask)}",
        $"stops: change {options.StopAtRelativeChange:R}, noise {options.NoiseLevel:R}",
        $"start: {Hash(options.Start)}",
        $"operator: {options.Operator?.Method.DeclaringType?.FullName ?? (geometry is ParallelGeometry ? "ParallelProjector" : "VectorProjector")}, {options.Backend}, {machine}",
        $"geometry: {slices} slices of {geometry.ImageSize}, {geometry.ColumnCount} columns, axis {(geometry as ParallelGeometry)?.Axis.Column:R}, {quantity}, {pixelSize?.Meters:R} m",
        $"angles: {Angles(geometry)}",
    ];

    private static string Angles(Geometry geometry)
    {
        if (geometry is ParallelGeometry parallel)
        {
            return string.Join(' ', parallel.AnglesDegrees.Select(a => a.ToString("R", CultureInfo.InvariantCulture)));
        }

        var vectors = geometry.ToVectors();
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<GeometryView>([.. vectors.Views]));
        return $"{vectors.Beam}{(vectors.IsSliceWise ? "" : $", {vectors.RowCount} rows")}{(vectors.IsCurved ? ", curved" : "")}, views {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..16]}";
    }

    private static string Short(string line) => line.Length <= 160 ? line : line[..160] + " ...";

    private static string Hash(Image? mask)
    {
        if (mask is null)
        {
            return "none";
        }

        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(mask.Values)))[..16];
    }

    private static string Hash(Volume? start)
    {
        if (start is null)
        {
            return "none";
        }

        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        for (var z = 0; z < start.SliceCount; z++)
        {
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(start.Slice(z)));
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
