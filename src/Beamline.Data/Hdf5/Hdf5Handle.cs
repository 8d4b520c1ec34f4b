using System.Text.RegularExpressions;
using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>
/// One open handle of an HDF5 file over PureHDF: finds objects and says clearly what is missing. Not for several threads at once;
/// <see cref="Hdf5HandlePool"/> gives each thread its own.
/// </summary>
internal sealed partial class Hdf5Handle : IDisposable
{
    private const int DeepestGroup = 16;
    private readonly NativeFile _file;
    private readonly Dictionary<string, Hdf5Handle> _moved = new(StringComparer.Ordinal);

    private Hdf5Handle(string path, NativeFile file) => (FilePath, _file) = (path, file);

    internal string FilePath { get; }

    internal static Hdf5Handle Open(string path)
    {
        Hdf5Superblock.Verify(path);
        try
        {
            var file = (NativeFile)H5File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new Hdf5Handle(path, file);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // PureHDF throws plain Exception for damaged structures.
            throw new DataFormatException(path, $"the HDF5 file cannot be opened: {e.Message}", null, e);
        }
    }

    /// <summary>The dataset at a path.</summary>
    /// <exception cref="DataFormatException">There is none; the message lists what there is.</exception>
    internal NativeDataset Dataset(string path)
    {
        var target = Find(path);
        return target switch
        {
            NativeDataset dataset => dataset,
            IH5UnresolvedLink broken => throw BrokenLink(path, broken),
            IH5Group => throw new DataFormatException(FilePath, $"{path} is a group, not a dataset. {Present(path)}", path),
            _ => throw NotFound(path),
        };
    }

    /// <summary>Whether a path leads to a dataset or at least to a link (which may be broken).</summary>
    internal bool Exists(string path) => Find(path) is NativeDataset or IH5UnresolvedLink;

    /// <summary>Every dataset and broken link of the file, in the order of their paths.</summary>
    internal IReadOnlyList<Hdf5Entry> Entries()
    {
        var entries = new List<Hdf5Entry>();
        Collect(_file, "", 0, entries);
        entries.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return entries;
    }

    /// <summary>Text of the attributes of an object; an attribute that cannot be put in words is left out.</summary>
    internal IReadOnlyDictionary<string, string> Attributes(string path)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Find(path) is NativeObject owner and not IH5UnresolvedLink)
        {
            foreach (var attribute in owner.Attributes())
            {
                if (Hdf5Text.Of(attribute) is { } text)
                {
                    texts[attribute.Name] = text;
                }
            }
        }

        return texts;
    }

    internal DataFormatException NotFound(string path) =>
        new(FilePath, $"dataset {path} not found. {Present(path)}", path);

    public void Dispose()
    {
        foreach (var other in _moved.Values)
        {
            other.Dispose();
        }

        _file.Dispose();
    }

    // The target of an external link whose file moved with its master; anything else as it is.
    private IH5Object AtItsNewPlace(NativeGroup group, string name, IH5Object found)
    {
        if (found is not IH5UnresolvedLink || PureHdfInternals.ExternalLink(group, name) is not { } link ||
            MovedFiles.Find(FilePath, link.File) is not { } path)
        {
            return found;
        }

        if (!_moved.TryGetValue(path, out var other))
        {
            _moved.Add(path, other = Open(path));
        }

        return other.Find(link.Object) ?? found;
    }

    private IH5Object? Find(string path)
    {
        IH5Object current = _file;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (current is not NativeGroup group)
            {
                return current is IH5UnresolvedLink ? current : null;
            }

            PureHdfInternals.ForgetCachedIndex(group);
            if (!group.LinkExists(name))
            {
                return null;
            }

            current = AtItsNewPlace(group, name, group.Get(name));
        }

        return current;
    }

    private void Collect(NativeGroup group, string path, int depth, List<Hdf5Entry> entries)
    {
        if (depth > DeepestGroup || entries.Count > 20_000)
        {
            return;
        }

        PureHdfInternals.ForgetCachedIndex(group);
        foreach (var child in group.Children())
        {
            var childPath = $"{path}/{child.Name}";
            switch (AtItsNewPlace(group, child.Name, child))
            {
                case NativeDataset dataset:
                    entries.Add(new Hdf5Entry(childPath, Hdf5Type.Shape(dataset), Hdf5Type.NameOf(dataset)));
                    break;
                case IH5UnresolvedLink broken:
                    entries.Add(new Hdf5Entry(childPath, [], "", Reason(broken)));
                    break;
                case NativeGroup inner:
                    Collect(inner, childPath, depth + 1, entries);
                    break;
            }
        }
    }

    private string Present(string wanted)
    {
        const int Most = 12;
        var entries = Entries();
        if (entries.Count == 0)
        {
            return "The file holds no dataset.";
        }

        // Stacks are what a user looks for: show them before the many scalars of an instrument.
        var shown = entries.OrderByDescending(e => e.Shape.Count >= 3).ThenByDescending(e => e.Shape.Count).Take(Most);
        var more = entries.Count > Most ? $" and {entries.Count - Most} more" : "";
        return $"Present: {string.Join(", ", shown)}{more}.{Nearest.DidYouMean(wanted, entries.Select(e => e.Path))}";
    }

    private DataFormatException BrokenLink(string path, IH5UnresolvedLink broken)
    {
        var reason = Reason(broken);
        return new DataFormatException(
            FilePath,
            $"{path} is a link that leads nowhere: {reason}. " +
            "Put the missing file there, or beside this file and repair the link (h5py: f[path] = h5py.ExternalLink(...)).",
            path,
            broken.Reason);
    }

    private static string Reason(IH5UnresolvedLink broken)
    {
        var message = broken.Reason?.Message ?? "its target is not there";
        var missing = MissingExternalFile().Match(message);
        return missing.Success ? $"the file {missing.Groups[1].Value} is missing" : message.TrimEnd('.');
    }

    [GeneratedRegex(@"^Could not find file (.*?)\.?$")]
    private static partial Regex MissingExternalFile();
}
