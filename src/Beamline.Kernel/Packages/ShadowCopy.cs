using System.Security.Cryptography;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>
/// Copies of libraries that a user may build anew: a loaded file must not be written to (Windows forbids it, on Linux
/// the process would die). The copies go away with the process.
/// </summary>
internal static class ShadowCopy
{
    private static readonly Lazy<string> Root = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("beamline-loaded-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Windows keeps loaded files; its own clean-up removes them later.
            }
        };
        return folder;
    });

    /// <summary>The copy of a file as it is now; the same content gives the same copy.</summary>
    public static string Of(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var folder = Path.Combine(Root.Value, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        var copy = Path.Combine(folder, Path.GetFileName(path));
        if (!File.Exists(copy))
        {
            // The lines of exceptions come from the .pdb beside it.
            var symbols = Path.ChangeExtension(path, ".pdb");
            if (File.Exists(symbols))
            {
                AtomicFile.WriteBytes(Path.ChangeExtension(copy, ".pdb"), File.ReadAllBytes(symbols));
            }

            AtomicFile.WriteBytes(copy, bytes);
        }

        return copy;
    }

    /// <summary>A new folder that goes away with the process.</summary>
    public static string NewFolder(string name) =>
        Directory.CreateDirectory(Path.Combine(Root.Value, $"{name}-{Guid.NewGuid():N}"[..Math.Min(name.Length + 9, 60)])).FullName;
}
