using Beamline.Data.Hdf5.Native;
using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>Finds the datasets that managed code would read wrongly or not at all: those that libhdf5 reads, and those to refuse.</summary>
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

    /// <summary>
    /// Throws when the numbers of a dataset cannot be trusted to be read right; says when only libhdf5 reads them right, as the end of
    /// a sentence, and null when managed code does.
    /// </summary>
    internal static string? Check(string file, string path, NativeDataset dataset) =>
        NeedOfFilters(file, path, dataset) ??
        (dataset.Layout.Class == H5DataLayoutClass.VirtualStorage ? NeedOfVirtual(file, path, dataset) : null);

    private static string? NeedOfFilters(string file, string path, NativeDataset dataset)
    {
        string? need = null;
        foreach (var (id, name, _) in PureHdfInternals.Filters(dataset))
        {
            if (id == ScaleOffset || Filters.ChunkFilters.Has(id))
            {
                continue;
            }

            need = $"is compressed with {NameOfFilter(id, name)}, which Beamline cannot decode itself";
            if (LibHdf5.Functions is not null && !HasFilter(id))
            {
                throw new DataFormatException(
                    file,
                    $"{path} {need}, and libhdf5 {LibHdf5.Version} of this machine does not have it either. Beamline reads deflate (gzip), shuffle, fletcher32, scale-offset, LZF, " +
                    "LZ4, bitshuffle, Blosc and Zstandard. Install the plug-in and set HDF5_PLUGIN_PATH, or rewrite the file where the filter is installed: " +
                    "h5repack -f SHUF -f GZIP=4 in.h5 out.h5",
                    path);
            }
        }

        return need;
    }

    private static unsafe bool HasFilter(int id)
    {
        lock (LibHdf5.Gate)
        {
            LibHdf5.Functions!.Silence();
            return LibHdf5.Functions.HasFilter(id) > 0;
        }
    }

    private static string? NeedOfVirtual(string file, string path, NativeDataset dataset)
    {
        Filters.ChunkFilters.EnsureRegistered();
        var sources = PureHdfInternals.VirtualSources(dataset);
        var growing = sources.Any(s => s.Unlimited) || dataset.Space.MaxDimensions.Any(d => d == ulong.MaxValue);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";
        var need = growing ? "is a virtual dataset that grows with its sources (unlimited mapping), as Eiger and Odin detectors write it" : null;
        foreach (var source in sources)
        {
            // A name with %b stands for files that are numbered; libhdf5 takes those that are there.
            if (growing && source.File.Contains('%', StringComparison.Ordinal))
            {
                continue;
            }

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

            need ??= NeedOfSource(path, dataset, sourceFile, source.Dataset);
        }

        return need;
    }

    // PureHDF reads the sources itself, so what it would read wrongly in them must be found before.
    private static string? NeedOfSource(string path, NativeDataset dataset, string sourceFile, string sourcePath)
    {
        using var handle = Hdf5Handle.Open(sourceFile);
        var source = handle.Dataset(sourcePath);
        var known = Hdf5Type.TryGetElementType(dataset, out var type, out _);
        if (!known || !Hdf5Type.TryGetElementType(source, out var sourceType, out _) || sourceType != type || type.BigEndian)
        {
            return $"is a virtual dataset of {Hdf5Type.NameOf(dataset)} over {sourcePath} of {Path.GetFileName(sourceFile)}, which holds {Hdf5Type.NameOf(source)}";
        }

        if (Check(sourceFile, sourcePath, source) is { } need)
        {
            return $"is a virtual dataset, and its source {sourcePath} of {Path.GetFileName(sourceFile)} {need}";
        }

        if (ChunkMaskGuard.For(sourceFile, sourcePath, source) is { } guard)
        {
            var (counts, maskOfChunk) = PureHdfInternals.ChunkMasks(source);
            try
            {
                guard.Check(counts, maskOfChunk, new ulong[source.Space.Rank], source.Space.Dimensions);
            }
            catch (DataFormatException e)
            {
                return $"is a virtual dataset over chunks that miss a filter ({e.Message.TrimEnd('.')})";
            }
        }

        return null;
    }
}
