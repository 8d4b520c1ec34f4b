using System.Globalization;
using System.Runtime.InteropServices;

namespace Beamline.Data.Hdf5.Native;

/// <summary>
/// The HDF Group's library, when the machine has it: loaded once, by name. It reads what PureHDF cannot. Everything in it is called
/// under <see cref="Gate"/>, because most builds of it are not made for several threads.
/// </summary>
internal static class LibHdf5
{
    /// <summary>Names the file of the library to take; "none" for not taking any.</summary>
    internal const string Variable = "BEAMLINE_LIBHDF5";

    /// <summary>How to get it.</summary>
    internal const string HowToInstall = "sudo apt-get install libhdf5-103-1 (conda: hdf5; macOS: brew install hdf5)";

    // The ABI by versions: 103 is 1.10, 200 is 1.12, 310 is 1.14, 320 is 2.0.
    private static readonly string[] Versions = ["103", "200", "300", "310", "320"];

    private static readonly Lazy<(Hdf5Functions? Functions, string File, Version? Version, string Problem)> Found = new(Find);

    /// <summary>Held during every call, also across several that belong together.</summary>
    internal static Lock Gate { get; } = new();

    /// <summary>The functions; null when there is no library that can be used.</summary>
    internal static Hdf5Functions? Functions => Found.Value.Functions;

    /// <summary>The name or path under which it was found; empty without one.</summary>
    internal static string File => Found.Value.File;

    /// <summary>Its version; null without one.</summary>
    internal static Version? Version => Found.Value.Version;

    /// <summary>Why there is none, as the end of a sentence; empty when there is one.</summary>
    internal static string Problem => Found.Value.Problem;

    /// <summary>The functions, or an error about a dataset that needs them.</summary>
    /// <exception cref="DataFormatException">There is no library that can be used.</exception>
    internal static Hdf5Functions Needed(string file, string path, string need) => Functions ?? throw new DataFormatException(
        file,
        $"{path} {need}. Beamline reads that through the HDF5 library of The HDF Group, and {Problem}. Install it: {HowToInstall}, then start Beamline " +
        "again. Or copy the dataset with a program that has the library, for instance h5repack -f SHUF -f GZIP=4 in.h5 out.h5.",
        path);

    private static (Hdf5Functions?, string, Version?, string) Find()
    {
        var wish = Environment.GetEnvironmentVariable(Variable);
        if (string.Equals(wish, "none", StringComparison.OrdinalIgnoreCase))
        {
            return (null, "", null, $"{Variable}=none turns it off");
        }

        var problem = wish is null ? "it was not found" : $"{Variable}={wish} cannot be loaded";
        foreach (var name in wish is null ? Names() : [wish])
        {
            if (!NativeLibrary.TryLoad(name, out var library))
            {
                continue;
            }

            try
            {
                var functions = new Hdf5Functions(library);
                var version = functions.Version();
                if (version >= Hdf5Functions.Oldest)
                {
                    functions.Start();
                    return (functions, name, version, "");
                }

                problem = $"{name} has the version {version}, too old: {Hdf5Functions.Oldest} is needed";
            }
            catch (EntryPointNotFoundException e)
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"{name} lacks a function ({e.Message})");
            }

            NativeLibrary.Free(library);
        }

        return (null, "", null, problem);
    }

    private static IEnumerable<string> Names()
    {
        if (OperatingSystem.IsWindows())
        {
            return ["hdf5.dll", "libhdf5.dll"];
        }

        if (OperatingSystem.IsMacOS())
        {
            string[] folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/", "/opt/local/lib/"];
            return folders.SelectMany(f => Versions.Reverse().Select(v => $"{f}libhdf5.{v}.dylib").Append($"{f}libhdf5.dylib"));
        }

        // Debian calls the serial build libhdf5_serial; a build for MPI must not be started without MPI, so it is not looked for.
        return Versions.Reverse().SelectMany(v => (string[])[$"libhdf5_serial.so.{v}", $"libhdf5.so.{v}"])
            .Concat(["libhdf5_serial.so", "libhdf5.so"]);
    }
}
