using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Beamline.Kernel;

/// <summary>
/// Holds the compiled submissions of a session. They find each other, and assemblies that were made known, here;
/// everything else is the program's own.
/// </summary>
internal sealed class SubmissionContext : AssemblyLoadContext
{
    private readonly ConcurrentDictionary<string, Assembly> _known = new(StringComparer.OrdinalIgnoreCase);

    // A DllImport of a cell finds the native libraries of packages, as one of a library does.
    public SubmissionContext()
        : base("Beamline cells") => NativeLibraries.Attach(this);

    /// <summary>Makes submissions use an assembly that is loaded instead of loading its file once more.</summary>
    public void Know(Assembly assembly) => _known[assembly.GetName().Name!] = assembly;

    /// <summary>Loads a submission.</summary>
    public Assembly Load(MemoryStream image, MemoryStream? symbols)
    {
        var assembly = LoadFromStream(image, symbols);
        Know(assembly);
        return assembly;
    }

    protected override Assembly? Load(AssemblyName assemblyName) => _known.GetValueOrDefault(assemblyName.Name!);
}
