using System.Reflection;

namespace Beamline.Kernel;

/// <summary>A managed library that is to be loaded.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Its identity.</param>
/// <param name="Origin">What brings it, for messages: "MathNet.Numerics 5.0.0" or a path.</param>
internal sealed record LibraryFile(string Path, AssemblyName Name, string Origin)
{
    /// <summary>Reads the identity of a file; null when it is no managed library.</summary>
    public static LibraryFile? Open(string path, string origin)
    {
        try
        {
            return new LibraryFile(path, AssemblyName.GetAssemblyName(path), origin);
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException)
        {
            return null;
        }
    }
}
