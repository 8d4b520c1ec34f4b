using System.Globalization;
using Beamline.Data.Hdf5;

namespace Beamline.Data;

/// <summary>A dataset of an HDF5 file.</summary>
/// <param name="Path">Its path, for instance "/exchange/data".</param>
/// <param name="Shape">Its shape; empty for a single value.</param>
/// <param name="Type">Its type in words, for instance "uint16" or "string".</param>
public sealed record Hdf5DatasetInfo(string Path, IReadOnlyList<long> Shape, string Type)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path} [{string.Join(',', Shape)}] {Type}";
}

/// <summary>
/// An HDF5 file open for reading: what is in it, numbers of any stored type as floats or doubles, attributes as text.
/// May be used from several threads.
/// </summary>
public sealed class Hdf5File : IDisposable
{
    private readonly Hdf5HandlePool _pool;
    private readonly Lazy<IReadOnlyList<Hdf5Entry>> _entries;

    private Hdf5File(Hdf5HandlePool pool)
    {
        _pool = pool;
        _entries = new(() => pool.Use(h => h.Entries()));
    }

    /// <summary>Full path of the file.</summary>
    public string FilePath => _pool.FilePath;

    /// <summary>Every dataset, in the order of the paths. Links that lead nowhere are in <see cref="BrokenLinks"/>.</summary>
    public IReadOnlyList<Hdf5DatasetInfo> Datasets =>
        [.. _entries.Value.Where(e => e.BrokenLink is null).Select(e => new Hdf5DatasetInfo(e.Path, e.Shape, e.TypeName))];

    /// <summary>Links whose target is missing: path and why.</summary>
    public IReadOnlyDictionary<string, string> BrokenLinks =>
        _entries.Value.Where(e => e.BrokenLink is not null).ToDictionary(e => e.Path, e => e.BrokenLink!);

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">The file is missing, cut off, or not HDF5.</exception>
    public static Hdf5File Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Hdf5File(new Hdf5HandlePool(path));
    }

    /// <summary>Reads all numbers of a dataset as 32-bit floats, row-major.</summary>
    /// <param name="path">Path of the dataset.</param>
    /// <exception cref="DataFormatException">It is not there, or cannot be read.</exception>
    public float[] ReadFloats(string path)
    {
        var dataset = Numbers(path);
        var values = new float[dataset.Length];
        dataset.ReadFloats(new long[dataset.Shape.Length], dataset.Shape, values);
        return values;
    }

    /// <summary>Reads a block of a dataset as 32-bit floats, row-major.</summary>
    /// <param name="path">Path of the dataset.</param>
    /// <param name="start">First index along each axis.</param>
    /// <param name="count">Number of values along each axis.</param>
    /// <exception cref="DataFormatException">It is not there, or cannot be read.</exception>
    /// <exception cref="ArgumentException">The block does not fit the dataset's shape.</exception>
    public float[] ReadFloats(string path, long[] start, long[] count)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(count);
        var dataset = Numbers(path);
        var fits = start.Length == dataset.Shape.Length && count.Length == start.Length;
        for (var axis = 0; fits && axis < start.Length; axis++)
        {
            fits = start[axis] >= 0 && count[axis] >= 0 && start[axis] <= dataset.Shape[axis] - count[axis];
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"The block of {string.Join('x', count)} values at [{string.Join(',', start)}] does not fit {dataset}.",
                nameof(count));
        }

        var values = new float[count.Aggregate(1L, (a, b) => a * b)];
        dataset.ReadFloats(start, count, values);
        return values;
    }

    /// <summary>Reads all numbers of a dataset as 64-bit floats, row-major.</summary>
    /// <param name="path">Path of the dataset.</param>
    /// <exception cref="DataFormatException">It is not there, or cannot be read.</exception>
    public double[] ReadDoubles(string path) => Numbers(path).ReadDoubles();

    /// <summary>Reads a dataset that holds text or up to 16 numbers, as text.</summary>
    /// <param name="path">Path of the dataset.</param>
    /// <exception cref="DataFormatException">It is not there, or cannot be put in words.</exception>
    public string ReadText(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TryReadText(path) ??
            throw new DataFormatException(FilePath, $"{path} is neither text nor a short list of numbers.", path);
    }

    /// <summary>The attributes of a group or dataset, as text.</summary>
    /// <param name="path">Its path; "/" for the file itself.</param>
    public IReadOnlyDictionary<string, string> Attributes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return _pool.Use(h => h.Attributes(path));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _pool.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Path.GetFileName(FilePath)}: {Datasets.Count} datasets";

    internal string? TryReadText(string path)
    {
        const int MostNumbers = 16;
        var text = _pool.Use(h => Hdf5Text.Of(h.Dataset(path)));
        if (text is not null)
        {
            return text;
        }

        var entry = _pool.Use(h => Hdf5Type.TryGetElementType(h.Dataset(path), out _, out _));
        if (!entry)
        {
            return null;
        }

        var numbers = Numbers(path);
        return numbers.Length > MostNumbers
            ? null
            : string.Join(", ", numbers.ReadDoubles().Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
    }

    internal bool Exists(string path) => _pool.Use(h => h.Exists(path));

    internal IReadOnlyList<Hdf5Entry> Entries => _entries.Value;

    internal Hdf5Dataset Numbers(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Hdf5Dataset(_pool, path.StartsWith('/') ? path : "/" + path);
    }

    internal DataFormatException NotFound(string path) => _pool.Use(h => h.NotFound(path));
}
