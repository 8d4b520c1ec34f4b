using System.Diagnostics;

namespace Beamline.Kernel;

/// <summary>The packages on this machine, to be offered while somebody types. Nothing is asked over a network.</summary>
/// <param name="place">NuGet's folder; null for the user's.</param>
internal sealed class PackageNames(string? place = null)
{
    // Reading all names takes as long as there are packages, and few come while somebody types.
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private IReadOnlyList<string> _names = [];
    private long _readAt;

    /// <summary>Names of packages that contain a text, those that start with it first.</summary>
    public IReadOnlyList<string> Names(string typed, int most) =>
    [
        .. All().Where(name => name.Contains(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(name => !name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .ThenBy(name => name, StringComparer.OrdinalIgnoreCase).Take(most),
    ];

    /// <summary>The versions of a package, newest first.</summary>
    public IReadOnlyList<string> Versions(string name) => PackageFolder.Versions(name, place);

    private IReadOnlyList<string> All()
    {
        lock (_gate)
        {
            if (_readAt == 0 || Stopwatch.GetElapsedTime(_readAt) > KeptFor)
            {
                (_names, _readAt) = (PackageFolder.Ids(place), Stopwatch.GetTimestamp());
            }

            return _names;
        }
    }
}
