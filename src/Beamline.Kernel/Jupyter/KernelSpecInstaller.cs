using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Where a kernel specification is installed.</summary>
public abstract record KernelSpecPlace
{
    private KernelSpecPlace()
    {
    }

    /// <summary>For the current user: found by every Jupyter that he starts.</summary>
    public static KernelSpecPlace User { get; } = new InFolder(JupyterFolders.User);

    /// <summary>For all users of the machine; usually needs administrator rights.</summary>
    public static KernelSpecPlace System { get; } = new InFolder(JupyterFolders.Machine);

    /// <summary>For the Python environment that is active (VIRTUAL_ENV or CONDA_PREFIX), or else <see cref="System"/>.</summary>
    public static KernelSpecPlace ActivePrefix() =>
        JupyterFolders.Active is { } folder ? new InFolder(folder) : System;

    /// <summary>For the Jupyter that is installed below a prefix.</summary>
    /// <param name="path">The prefix, for instance of a Python environment.</param>
    public static KernelSpecPlace Prefix(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new InFolder(JupyterFolders.Below(path));
    }

    /// <summary>The folder of the specification.</summary>
    public string Folder => Path.Combine(((InFolder)this).Data, "kernels", KernelMetadata.KernelName);

    /// <summary>The folder of the extension that JupyterLab and Notebook 7 load.</summary>
    public string LabExtensionFolder => Path.Combine(((InFolder)this).Data, "labextensions", LabExtension.Name);

    private sealed record InFolder(string Data) : KernelSpecPlace;
}

/// <summary>Tells Jupyter about the kernel, and takes that back.</summary>
public static class KernelSpecInstaller
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Installs the kernel as "C# (Beamline)", in place of an older installation there, and beside it the extension by which
    /// viewers in JupyterLab and Notebook 7 ask the kernel for exact values and ES modules become widgets (<see cref="KernelSpecPlace.LabExtensionFolder"/>).
    /// </summary>
    /// <param name="place">Where.</param>
    /// <param name="command">
    /// How Jupyter starts the kernel, for instance <c>["dotnet", "/path/beamline.dll", "kernel", "start",
    /// "{connection_file}"]</c>.
    /// </param>
    /// <returns>The folder of the specification.</returns>
    /// <exception cref="ArgumentException">The command lacks {connection_file}.</exception>
    /// <exception cref="IOException">The folder cannot be written; an older installation stays as it was.</exception>
    public static string Install(KernelSpecPlace place, IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(command);
        if (!command.Contains("{connection_file}"))
        {
            throw new ArgumentException("The command lacks {connection_file}, which Jupyter replaces.", nameof(command));
        }

        var spec = JsonNode.Parse(EmbeddedText.Read("kernel.json"))!.AsObject();
        spec["argv"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]);
        FolderSwap.Replace(place.Folder, made =>
        {
            File.WriteAllText(Path.Combine(made, "kernel.json"), spec.ToJsonString(Written) + "\n");
            foreach (var logo in (string[])["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"])
            {
                File.WriteAllBytes(Path.Combine(made, logo), EmbeddedText.Bytes(logo));
            }
        });
        LabExtension.Install(place.LabExtensionFolder);
        return place.Folder;
    }

    /// <summary>Removes the kernel and its extension of JupyterLab.</summary>
    /// <param name="place">Where it was installed.</param>
    /// <returns>False when it was not installed there.</returns>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static bool Uninstall(KernelSpecPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return FolderSwap.Remove(place.Folder) | FolderSwap.Remove(place.LabExtensionFolder);
    }

    /// <summary>The folders where the kernel is installed, in the order in which Jupyter searches them.</summary>
    public static IReadOnlyList<string> Find() =>
        [.. JupyterFolders.Searched.Select(data => Path.Combine(data, "kernels", KernelMetadata.KernelName))
            .Where(folder => File.Exists(Path.Combine(folder, "kernel.json")))];

    /// <summary>All kernels that Jupyter would find: name, display name and folder; a broken one has no display name.</summary>
    public static IReadOnlyList<(string Name, string? DisplayName, string Folder)> List() =>
        [.. InstalledKernel.All().OrderBy(kernel => kernel.Key, StringComparer.OrdinalIgnoreCase)
            .Select(kernel => (kernel.Key, InstalledKernel.DisplayNameIn(kernel.Value), kernel.Value))];
}
