using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>Refuses the datasets that PureHDF would read wrongly or not at all, and says what to do about each.</summary>
internal static class Hdf5Guards
{
    private static readonly Dictionary<int, string> KnownFilters = new()
    {
        [1] = "deflate", [2] = "shuffle", [3] = "fletcher32", [4] = "szip", [5] = "n-bit", [6] = "scale-offset",
        [32000] = "LZF", [32001] = "Blosc", [32004] = "LZ4", [32008] = "bitshuffle", [32013] = "ZFP", [32015] = "Zstandard",
        [32026] = "Blosc2",
    };

    private const int ScaleOffset = 6;

    internal static string NameOfFilter(int id, string storedName) =>
        KnownFilters.TryGetValue(id, out var name) ? $"{name} (filter {id})"
        : storedName.Length > 0 ? $"'{storedName}' (filter {id})" : $"filter {id}";

    /// <summary>Throws when the numbers of a dataset cannot be trusted to be read right.</summary>
    internal static void Check(string file, string path, NativeDataset dataset)
    {
        CheckFilters(file, path, dataset);
        if (dataset.Layout.Class == H5DataLayoutClass.VirtualStorage)
        {
            CheckVirtual(file, path, dataset);
        }
    }

    private static void CheckFilters(string file, string path, NativeDataset dataset)
    {
        var filters = PureHdfInternals.Filters(dataset);
        foreach (var (id, name, _) in filters)
        {
            if (id != ScaleOffset && !Filters.ChunkFilters.Has(id))
            {
                throw new DataFormatException(
                    file,
                    $"{path} is compressed with {NameOfFilter(id, name)}, which Beamline cannot decode. It reads deflate (gzip), " +
                    "shuffle, fletcher32, scale-offset, LZF, LZ4, bitshuffle, Blosc and Zstandard. Rewrite the file where the filter is installed: " +
                    "h5repack -f SHUF -f GZIP=4 in.h5 out.h5",
                    path);
            }
        }
    }

    private static void CheckVirtual(string file, string path, NativeDataset dataset)
    {
        Filters.ChunkFilters.EnsureRegistered();
        var sources = PureHdfInternals.VirtualSources(dataset);
        if (sources.Any(s => s.Unlimited) || dataset.Space.MaxDimensions.Any(d => d == ulong.MaxValue))
        {
            throw new DataFormatException(
                file,
                $"{path} is a virtual dataset that grows with its sources (unlimited mapping), as Eiger and Odin detectors write it. " +
                "Beamline cannot read that kind yet and refuses rather than show zeros. Copy the frames into a plain dataset " +
                $"(h5py: out['data'] = f['{path}'][...]) or open the source files themselves: " +
                $"{string.Join(", ", sources.Select(s => s.File).Distinct().Take(5))}.",
                path);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";
        foreach (var source in sources)
        {
            // "." is HDF5's name for the file itself.
            var sourceFile = source.File == "." ? file : Path.Combine(folder, source.File);
            if (!File.Exists(sourceFile))
            {
                throw new DataFormatException(
                    file,
                    $"{path} is a virtual dataset and its source file {source.File} is missing (looked for in {folder}). " +
                    "Its values would read as fill values. Put the source file beside this one.",
                    path);
            }

            CheckSource(file, path, dataset, sourceFile, source.Dataset);
        }
    }

    // PureHDF reads the sources itself, so what it would read wrongly in them must be found before.
    private static void CheckSource(string file, string path, NativeDataset dataset, string sourceFile, string sourcePath)
    {
        using var handle = Hdf5Handle.Open(sourceFile);
        var source = handle.Dataset(sourcePath);
        var known = Hdf5Type.TryGetElementType(dataset, out var type, out _);
        if (!known || !Hdf5Type.TryGetElementType(source, out var sourceType, out _) || sourceType != type || type.BigEndian)
        {
            throw new DataFormatException(
                file,
                $"{path} is a virtual dataset of {Hdf5Type.NameOf(dataset)} over {sourcePath} of {Path.GetFileName(sourceFile)}, " +
                $"which holds {Hdf5Type.NameOf(source)}. Beamline reads virtual datasets only when both have the same little-endian type. " +
                "Copy the frames into a plain dataset, or open the source file itself.",
                path);
        }

        Check(sourceFile, sourcePath, source);
        if (ChunkMaskGuard.For(sourceFile, sourcePath, source) is { } guard)
        {
            var (counts, maskOfChunk) = PureHdfInternals.ChunkMasks(source);
            guard.Check(counts, maskOfChunk, new ulong[source.Space.Rank], source.Space.Dimensions);
        }
    }
}
