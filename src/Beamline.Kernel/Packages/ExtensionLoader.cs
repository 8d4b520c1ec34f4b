using System.Reflection;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Registers the extensions that loaded assemblies name in their <see cref="NotebookExtensionAttribute"/>.</summary>
internal static class ExtensionLoader
{
    /// <summary>Registers what there is and tells the user in one line each; an extension that fails does not stop the cell.</summary>
    public static void Register(NotebookKernel kernel, IReadOnlyList<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
        {
            if (assembly.GetCustomAttribute<NotebookExtensionAttribute>()?.ExtensionType is not { } type)
            {
                continue;
            }

            try
            {
                var extension = Activator.CreateInstance(type) as INotebookExtension
                    ?? throw new InvalidOperationException($"{type.FullName} does not implement {nameof(INotebookExtension)}");
                var commands = kernel.AddExtension(extension);
                Tell($"Extension {extension.Name}: " + (commands.Count > 0 ? string.Join(", ", commands.Select(c => "#!" + c)) : "no new commands"));
            }
            catch (Exception exception)
            {
                // Whatever the extension's own code throws: the package itself is usable all the same.
                var cause = RuntimeErrorReport.Unwrap(exception);
                CellScope.Current?.Warn(
                    $"the extension of {assembly.GetName().Name} was not registered. {cause.GetType().Name}: {cause.Message}");
            }
        }
    }

    private static void Tell(string text) => CellScope.Current?.Output.Write("stdout", text + "\n");
}
