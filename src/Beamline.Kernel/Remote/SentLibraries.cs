using System.Reflection.PortableExecutable;
using Beamline.Notebook;
using Beamline.Remote;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>Where the libraries come from that a cell uses: packages, which travel by name, cells, which travel as text, or neither.</summary>
internal sealed class SentLibraries
{
    private readonly Dictionary<string, string> _packages = new(StringComparer.OrdinalIgnoreCase);
    private readonly NotebookKernel _kernel;
    private readonly HashSet<string> _used;

    public SentLibraries(NotebookKernel kernel, IEnumerable<IAssemblySymbol> used)
    {
        _kernel = kernel;
        foreach (var package in kernel.Packages.Packages)
        {
            foreach (var file in package.Compile.Concat(package.Runtime))
            {
                _packages[Path.GetFileNameWithoutExtension(file)] = package.Id;
            }
        }

        _used = [.. used.Select(a => a.Name)];
        Packages = _used.Any(name => _packages.ContainsKey(name) && LibraryLoader.Shipped(name) is null)
            ? [.. kernel.Packages.Packages.Select(p => new JobPackage(p.Id, p.Version, p.Sha512))]
            : [];
    }

    /// <summary>
    /// The packages to send: all of the notebook when one of them is used, as they were restored together, and some bring only
    /// what is looked for at run time; none when none is used.
    /// </summary>
    public IReadOnlyList<JobPackage> Packages { get; }

    /// <summary>Declarations of cells that lie in libraries beside the submissions, oldest first.</summary>
    public IEnumerable<(string Label, string Text)> CellTexts()
    {
        var all = _kernel.Session.Libraries;
        var wanted = new HashSet<string>(_used.Where(n => n.StartsWith(CellLibraries.NamePrefix, StringComparison.Ordinal)));
        var open = new Queue<string>(wanted);
        while (open.TryDequeue(out var name))
        {
            foreach (var library in all.Where(l => l.Name == name))
            {
                using var file = new PEReader(new MemoryStream(library.Image));
                foreach (var needed in LibraryReference.NeedsOf(file).Where(n => n.StartsWith(CellLibraries.NamePrefix, StringComparison.Ordinal) && wanted.Add(n)))
                {
                    open.Enqueue(needed);
                }
            }
        }

        return all.Where(l => wanted.Contains(l.Name)).SelectMany(l => l.Texts);
    }

    /// <summary>Whether a library will be there where the cell runs.</summary>
    public bool IsThere(IAssemblySymbol assembly) =>
        IsShipped(assembly.Name) || (_packages.ContainsKey(assembly.Name) && Packages.Count > 0) ||
        (assembly.Name.StartsWith(CellLibraries.NamePrefix, StringComparison.Ordinal) && _used.Contains(assembly.Name));

    /// <exception cref="MagicException">The cell uses a library that exists only here.</exception>
    public void Check()
    {
        if (_used.FirstOrDefault(name => !IsShipped(name) && !_packages.ContainsKey(name) &&
            !name.StartsWith(CellLibraries.NamePrefix, StringComparison.Ordinal) && !name.StartsWith("Submission#", StringComparison.Ordinal)) is { } local)
        {
            throw new MagicException(
                $"The cell uses {local}, which #r took from a file or a project of this machine: such libraries do not travel. " +
                $"Make a package of it (dotnet pack) in a source that the endpoint has, and refer to it with #r \"nuget: {local}, VERSION\", or put its code into a cell.");
        }
    }

    private static bool IsShipped(string name) => LibraryLoader.Shipped(name) is not null;
}
