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
        CellLines.Keep(assembly, symbols);
        Know(assembly);
        return assembly;
    }

    /// <summary>Loads a library of cells. There may be one with the same name and another version.</summary>
    public void LoadVersion(byte[] image, MemoryStream? symbols)
    {
        // A context holds one version of a name.
        var assembly = new VersionContext(this).LoadFromStream(new MemoryStream(image), symbols);
        CellLines.Keep(assembly, symbols);
        _known[Versioned(assembly.GetName())] = assembly;
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        _known.GetValueOrDefault(assemblyName.Name!) ?? _known.GetValueOrDefault(Versioned(assemblyName));

    private static string Versioned(AssemblyName name) => $"{name.Name}, {name.Version}";

    private sealed class VersionContext : AssemblyLoadContext
    {
        private readonly SubmissionContext _cells;

        public VersionContext(SubmissionContext cells)
            : base("Beamline types of cells")
        {
            _cells = cells;
            NativeLibraries.Attach(this);
        }

        protected override Assembly? Load(AssemblyName assemblyName) => _cells.Load(assemblyName);
    }
}
