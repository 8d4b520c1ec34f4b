using System.Reflection;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Registers the extensions that loaded assemblies name in their <see cref="NotebookExtensionAttribute"/>.</summary>
internal static class ExtensionLoader
{
    /// <summary>Registers what there is and tells the user in one line each; an extension that fails does not stop the cell.</summary>
    public static void Register(ExtensionHost host, IReadOnlyList<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
        {
            try
            {
                var before = host.Commands.Count;
                if (host.Register(assembly) is { } name)
                {
                    var commands = host.Commands.Skip(before).Select(c => "#!" + c.Descriptor.Name).ToList();
                    Tell($"Extension {name}: " + (commands.Count > 0 ? string.Join(", ", commands) : "no new commands"));
                }
            }
            catch (MagicException exception)
            {
                // Whatever the extension's own code throws: the package itself is usable all the same.
                CellScope.Current?.Warn($"the extension of {assembly.GetName().Name} was not registered. {exception.Message}");
            }
        }
    }

    private static void Tell(string text) => CellScope.Current?.Output.Write("stdout", text + "\n");
}
