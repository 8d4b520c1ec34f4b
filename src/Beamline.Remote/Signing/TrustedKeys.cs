namespace Beamline.Remote;

/// <summary>The list of keys that an endpoint trusts: a JSON file with an array of identifiers.</summary>
internal static class TrustedKeys
{
    private const long Largest = 4 << 20;

    /// <summary>Reads a list.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="EndpointException">There is no such file, or something in it is no identifier of a key.</exception>
    public static IReadOnlySet<string> Read(string path)
    {
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            bytes = length <= Largest ? File.ReadAllBytes(path) : throw new IOException($"it has {ByteText.Of(length)}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EndpointException($"The list of trusted keys {path} cannot be read: {e.Message}", e);
        }

        var ids = JobJson.Read<string[]>(bytes, path);
        return Array.Find(ids, id => !JobNames.IsHex(id, 64)) is { } bad
            ? throw new EndpointException($"{path}: {JobNames.Shown(bad)} is no identifier of a key: those have 64 hexadecimal digits in lower case.")
            : ids.Contains(null) ? throw new EndpointException($"{path} has null in its list.")
            : new HashSet<string>(ids, StringComparer.Ordinal);
    }

    /// <summary>Adds keys to a list. Several processes of this machine may do so at once.</summary>
    /// <param name="path">The file; need not be there.</param>
    /// <param name="ids">The identifiers.</param>
    public static void Add(string path, IReadOnlyCollection<string> ids)
    {
        using var alone = PrivateLock.Wait(path + ".lock");
        var known = File.Exists(path) ? Read(path) : new HashSet<string>();
        if (ids.Any(id => !known.Contains(id)))
        {
            Write(path, [.. known, .. ids]);
        }
    }

    /// <summary>Writes a list, for its user only.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ids">The identifiers.</param>
    public static void Write(string path, IEnumerable<string> ids) =>
        PrivateFile.Replace(path, JobJson.Write(ids.Select(JobNames.Hash).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray()), isDurable: true);
}
