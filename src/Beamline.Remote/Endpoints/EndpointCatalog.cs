using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>The endpoints that a notebook can name: files of the user, files beside the notebook, and <c>local</c>.</summary>
/// <param name="userFolder">Folder of the user's files. They go before those of a notebook's folder, which may come from anybody.</param>
/// <param name="notebookFolder">Folder of the notebook; its files are in .beamline/endpoints. Null for none.</param>
internal sealed class EndpointCatalog(string userFolder, string? notebookFolder)
{
    public string UserFolder => userFolder;

    /// <summary>Names of all, sorted. Nothing is read.</summary>
    public IReadOnlyList<string> Names => [.. Files().Keys.Append("local").Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Where a name is described; null for the embedded one.</summary>
    public string? PathOf(string name) => Files().GetValueOrDefault(name);

    /// <exception cref="EndpointException">There is none of this name, or its file is wrong.</exception>
    public EndpointFile Find(string name)
    {
        if (PathOf(name) is { } path)
        {
            return EndpointFileReader.Read(path);
        }

        return name == "local" ? EndpointFile.Local : throw new EndpointException(
            $"There is no endpoint {name}.{Suggestion.DidYouMean(name, Names)} Endpoints: {string.Join(", ", Names)}. " +
            $"Others are files NAME.json in {userFolder} or in .beamline/endpoints beside the notebook; #!endpoint add {(IsName(name) ? name : "NAME")} --kind http|slurm writes one.");
    }

    /// <summary>Writes a new file of the user's.</summary>
    /// <exception cref="EndpointException">The name is taken or is none, or the text is wrong.</exception>
    public EndpointFile Add(string name, string json)
    {
        if (!IsName(name))
        {
            throw new EndpointException($"'{name}' cannot be the name of an endpoint: letters, digits, - and _ are allowed, and it begins with a letter.");
        }

        var path = Path.Combine(userFolder, name + ".json");
        if (File.Exists(path))
        {
            throw new EndpointException($"There is an endpoint {name} already: edit {path}, or take another name.");
        }

        var made = EndpointFileReader.Parse(path, System.Text.Encoding.UTF8.GetBytes(json));
        PrivateFile.CreateFolder(userFolder);
        PrivateFile.Replace(path, System.Text.Encoding.UTF8.GetBytes(json));
        return made;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private Dictionary<string, string> Files()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        string?[] folders = [userFolder, notebookFolder is null ? null : Path.Combine(notebookFolder, ".beamline", "endpoints")];
        foreach (var folder in folders.OfType<string>().Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.json").Where(p => !p.EndsWith(".schema.json", StringComparison.Ordinal)))
            {
                found.TryAdd(Path.GetFileNameWithoutExtension(path), path);
            }
        }

        return found;
    }
}
