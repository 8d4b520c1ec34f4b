using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>A kernel that is installed for Jupyter: its kernel.json.</summary>
internal sealed record InstalledKernel
{
    public required string Name { get; init; }

    public required string Folder { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required string DisplayName { get; init; }

    public required string Language { get; init; }

    /// <summary>True when it is interrupted by a message, false by a signal.</summary>
    public bool InterruptByMessage { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Finds a kernel by its name.</summary>
    /// <exception cref="RunInputException">There is none of that name, or its file is broken.</exception>
    public static InstalledKernel Find(string name)
    {
        var all = All();
        if (!all.TryGetValue(name, out var folder))
        {
            throw new RunInputException(
                $"There is no kernel '{name}'.{Suggestion.DidYouMean(name, all.Keys)} " +
                (all.Count == 0
                    ? $"No kernel is installed in {string.Join(", ", JupyterFolders.Searched)}."
                    : $"Installed: {string.Join(", ", all.Keys.Order(StringComparer.Ordinal))}."));
        }

        return Read(name, folder);
    }

    /// <summary>The installed kernels by name, with the folder that Jupyter would take.</summary>
    public static IReadOnlyDictionary<string, string> All()
    {
        // Names do not depend on case in Jupyter.
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var kernels in JupyterFolders.Searched.Select(data => Path.Combine(data, "kernels")).Where(Directory.Exists))
        {
            foreach (var folder in Directory.GetDirectories(kernels).Where(f => File.Exists(Path.Combine(f, "kernel.json"))))
            {
                found.TryAdd(Path.GetFileName(folder), folder);
            }
        }

        return found;
    }

    /// <summary>What a notebook says about the kernel that it was run with.</summary>
    public JsonObject Metadata() => new() { ["display_name"] = DisplayName, ["language"] = Language, ["name"] = Name };

    /// <summary>The name that people see; null when the specification in the folder cannot be used.</summary>
    public static string? DisplayNameIn(string folder)
    {
        try
        {
            return Read(Path.GetFileName(folder), folder).DisplayName;
        }
        catch (Exception exception) when (exception is RunInputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static InstalledKernel Read(string name, string folder)
    {
        var path = Path.Combine(folder, "kernel.json");
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            string[] command = [.. json["argv"]!.AsArray().Select(word => (string)word!)];
            return command.Length == 0 || !command.Any(word => word.Contains("{connection_file}", StringComparison.Ordinal))
                ? throw new RunInputException($"The kernel '{name}' cannot be started: argv in {path} lacks {{connection_file}}.")
                : new InstalledKernel
                {
                    Name = Path.GetFileName(folder),
                    Folder = folder,
                    Command = command,
                    DisplayName = (string?)json["display_name"] ?? name,
                    Language = (string?)json["language"] ?? "",
                    InterruptByMessage = (string?)json["interrupt_mode"] == "message",
                    Environment = (json["env"] as JsonObject ?? []).ToDictionary(p => p.Key, p => (string?)p.Value ?? ""),
                };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new RunInputException($"The kernel '{name}' cannot be started: {path} is not a kernel specification: {exception.Message}", exception);
        }
    }
}
