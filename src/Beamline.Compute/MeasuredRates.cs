using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Compute;

/// <summary>Numbers measured on this machine that later runs and later programs of the same user take up: rates of work, by name.</summary>
/// <remarks>
/// Only ever a help: a file that cannot be read counts as empty, one that cannot be written is left. Several programs may write:
/// each adds its own numbers to what is there, and the file is replaced as a whole.
/// </remarks>
internal sealed class MeasuredRates
{
    private const int FormatVersion = 1;
    private static readonly ConcurrentDictionary<string, MeasuredRates> Open = new(StringComparer.Ordinal);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _values;
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    private MeasuredRates(string path) => (_path, _values) = (path, Read(path));

    /// <summary>The numbers kept in a folder.</summary>
    internal static MeasuredRates In(string folder) =>
        Open.GetOrAdd(Path.Combine(Path.GetFullPath(folder), "rates.json"), path => new MeasuredRates(path));

    internal double? Find(string name)
    {
        lock (_gate)
        {
            return _values.TryGetValue(name, out var value) ? value : null;
        }
    }

    internal void Set(string name, double value)
    {
        lock (_gate)
        {
            _values[name] = value;
            _own.Add(name);
        }
    }

    /// <summary>Writes what was set since the last time.</summary>
    internal void Save()
    {
        lock (_gate)
        {
            if (_own.Count == 0)
            {
                return;
            }

            var all = Read(_path);
            foreach (var name in _own)
            {
                all[name] = _values[name];
            }

            var temporary = $"{_path}.{Guid.NewGuid():N}.part";
            try
            {
                MakeFolder(Path.GetDirectoryName(_path)!);
                File.WriteAllText(temporary, Text(all));
                File.Move(temporary, _path, overwrite: true);
                _own.Clear();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A home that cannot be written: every program then measures for itself.
                Remove(temporary);
            }
        }
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing was written there either.
        }
    }

    private static string Text(Dictionary<string, double> values)
    {
        var rates = new JsonObject();
        foreach (var (name, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            rates[name] = JsonNode.Parse(value.ToString("g4", CultureInfo.InvariantCulture));
        }

        return new JsonObject { ["version"] = FormatVersion, ["rates"] = rates }.ToJsonString(Indented);
    }

    private static Dictionary<string, double> Read(string path)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        try
        {
            if (File.Exists(path) && JsonNode.Parse(File.ReadAllText(path)) is JsonObject file && (int?)file["version"] == FormatVersion)
            {
                foreach (var (name, value) in file["rates"]!.AsObject())
                {
                    if ((double?)value is { } number && number > 0 && double.IsFinite(number))
                    {
                        values[name] = number;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            // Damaged, or of somebody else: as good as none.
            values.Clear();
        }

        return values;
    }
}
