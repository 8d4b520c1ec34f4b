namespace Beamline.Kernel;

/// <summary>Where Jupyter keeps data such as kernel specifications, by its own rules on each system.</summary>
internal static class JupyterFolders
{
    /// <summary>The folder of the current user.</summary>
    public static string User
    {
        get
        {
            if (Variable("JUPYTER_DATA_DIR") is { } set)
            {
                return Path.GetFullPath(set);
            }

            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter")
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter")
                : Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter");
        }
    }

    /// <summary>The folder for all users of the machine.</summary>
    public static string Machine => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter")
        : "/usr/local/share/jupyter";

    /// <summary>The folder of the active Python environment; null when none is active.</summary>
    public static string? Active =>
        (Variable("VIRTUAL_ENV") ?? Variable("CONDA_PREFIX")) is { } prefix ? Below(prefix) : null;

    /// <summary>All folders that Jupyter searches, the first ones first.</summary>
    public static IReadOnlyList<string> Searched
    {
        get
        {
            var folders = (Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Append(User).Append(Active ?? "").Append(Machine)
                .Concat(OperatingSystem.IsWindows() ? [] : ["/usr/share/jupyter", "/opt/homebrew/share/jupyter"]);
            return [.. folders.Where(folder => folder.Length > 0).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>The folder below a prefix, for instance of a Python environment.</summary>
    public static string Below(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
