using Beamline.Data.Hdf5;

namespace Beamline.Data.Scans;

/// <summary>
/// Where facilities put the parts of an NXtomo when they are not all beside the images: the angles at the sample, in the group of
/// the same name as the detector (Diamond I13, K11), or under a device of the instrument.
/// </summary>
internal sealed class NexusPlaces
{
    // In the order of trust; the standard's name first.
    private static readonly string[] AngleNames =
        ["rotation_angle", "gts_theta_value", "gts_theta", "ss1_rot", "rotation_angle_set", "theta", "rot", "omega", "srot"];

    private readonly Hdf5HandlePool _pool;
    private readonly IReadOnlyList<Hdf5Entry> _entries;
    private readonly HashSet<string> _paths;

    internal NexusPlaces(Hdf5HandlePool pool)
    {
        _pool = pool;
        _entries = pool.Use(h => h.Entries());
        _paths = _entries.Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Image stacks of detectors: "/entry/instrument/DETECTOR/data", also when it is a link that leads nowhere.</summary>
    internal IEnumerable<string> Detectors() => _entries
        .Where(e => e.Path.EndsWith("/data", StringComparison.Ordinal) && e.Path.Contains("/instrument/", StringComparison.Ordinal) &&
            (e.Shape.Count == 3 || e.BrokenLink is not null))
        .Select(e => e.Path);

    /// <summary>The keys of the frames of a stack; null when there are none.</summary>
    internal string? ImageKey(string data) => Groups(data).Select(g => g + "/image_key").FirstOrDefault(_paths.Contains);

    /// <summary>The angles of a stack: a list as long as the stack has frames, under a name that means angles; null when there is none.</summary>
    internal string? Angles(string data)
    {
        var frames = _entries.First(e => e.Path == data).Shape is [var count, ..] ? count : (long?)null;
        var lists = _entries.Where(e => e.Shape.Count == 1 && (frames is null || e.Shape[0] == frames)).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var groups = Groups(data).ToList();
        return AngleNames.SelectMany(name => groups.Select(g => $"{g}/{name}")).FirstOrDefault(lists.Contains);
    }

    // The sample, the detector's own group, the group named like it in the entry, the plot data, and the devices.
    private IEnumerable<string> Groups(string data)
    {
        var group = data[..data.LastIndexOf('/')];
        var at = group.IndexOf("/instrument/", StringComparison.Ordinal);
        var entry = at >= 0 ? group[..at] : group[..Math.Max(0, group.LastIndexOf('/'))];
        var detector = group[(group.LastIndexOf('/') + 1)..];
        string[] first = [$"{entry}/sample", group, $"{entry}/{detector}", $"{entry}/data", $"{entry}/sample/transformations"];
        var devices = _paths.Where(p => p.StartsWith(entry + "/instrument/", StringComparison.Ordinal)).Select(p => p[..p.LastIndexOf('/')]);
        return first.Concat(devices.Order(StringComparer.Ordinal)).Distinct();
    }

    /// <summary>The file, for messages.</summary>
    public override string ToString() => _pool.FilePath;
}
