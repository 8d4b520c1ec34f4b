using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Beamline.Compute;

namespace Beamline.Packages;

/// <summary>
/// Libraries built with a newer GCC than this system's need a newer C++ runtime only for empty markers, which a copy
/// of the library can do without (TorchSharp 0.107 on Debian 12 and Ubuntu 22.04).
/// </summary>
internal static partial class RuntimeFix
{
    /// <summary>Imports without effect, and the version that they ask for.</summary>
    /// <remarks>std::ios_base_library_init: whoever includes iostream calls it so that the streams get ready; they are.</remarks>
    private static readonly Dictionary<string, string> Markers = new()
    {
        ["_ZSt21ios_base_library_initv"] = "GLIBCXX_3.4.32",
    };

    /// <summary>Functions without argument and effect that may be called in place of a marker, if the library imports one.</summary>
    private static readonly string[] Harmless =
    [
        "_ZN3c108GradMode10is_enabledEv", "_ZSt19uncaught_exceptionsv", "_ZSt18uncaught_exceptionv",
        "_ZNSt6chrono3_V212steady_clock3nowEv", "_ZNSt6chrono3_V212system_clock3nowEv", "__cxa_get_globals", "__errno_location",
    ];

    /// <summary>Loads a copy without the markers, when those are all that is missing.</summary>
    /// <param name="library">The library that did not load.</param>
    /// <param name="failure">What the system said.</param>
    /// <param name="handle">The loaded copy.</param>
    public static bool TryLoad(ElfLibrary library, string failure, out nint handle)
    {
        handle = 0;
        if (Missing(failure) is not { } version)
        {
            return false;
        }

        var imports = library.Imports();
        var blocked = imports.Where(i => i.Version == version).ToList();
        var stand = Harmless.Select(name => imports.FirstOrDefault(i => i.Name == name)).FirstOrDefault(i => i.Name is not null);
        if (stand.Name is null || blocked.Count != 1 || Markers.GetValueOrDefault(blocked[0].Name) != version)
        {
            return false;
        }

        var bytes = library.Retarget(blocked[0].Index, stand.Index, version);
        var folder = Path.Combine(RestoreCache.DefaultFolder, "native", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        var copy = Path.Combine(folder, Path.GetFileName(library.Path));
        PrivateFolder.Make(RestoreCache.DefaultFolder);

        // The name says the content; a copy that was cut off or changed is written again.
        if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes))
        {
            AtomicFile.WriteBytes(copy, bytes);
        }

        return NativeLibrary.TryLoad(copy, out handle);
    }

    /// <summary>What a user can do about a library that needs a newer runtime; nothing for other failures.</summary>
    public static string Explain(ElfLibrary library, string failure)
    {
        if (Missing(failure) is not { } version)
        {
            return "";
        }

        var imports = library.Imports().Where(i => i.Version == version).Select(i => i.Name).Take(3).ToList();
        return $" It was built for a newer system: {version} is not in this system's C++ or C runtime" +
            (imports.Count > 0 ? $" (it needs {string.Join(", ", imports)})" : "") +
            ". Take an older version of the package, or a newer system or container (Debian 13, Ubuntu 24.04).";
    }

    private static string? Missing(string failure) =>
        Version().Match(failure) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"version [`'](\w+_[\w.]+)' not found")]
    private static partial Regex Version();
}
