using System.Runtime.InteropServices;

namespace Beamline.Packages;

/// <summary>Libraries that the system's own search would find by their name alone. Looked at on Linux only, where names are global.</summary>
internal static class SystemLibraries
{
    private static readonly Lazy<string[]> Folders = new(() =>
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var machine = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x86_64-linux-gnu",
            Architecture.Arm64 => "aarch64-linux-gnu",
            _ => "",
        };
        return
        [
            .. (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
            $"/lib/{machine}", $"/usr/lib/{machine}", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib",
        ];
    });

    /// <summary>Whether there is one of this file name.</summary>
    public static bool Has(string file) => Folders.Value.Any(folder => File.Exists(Path.Combine(folder, file)));
}
