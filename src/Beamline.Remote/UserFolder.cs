namespace Beamline.Remote;

/// <summary>Where Beamline keeps what belongs to a user of a machine: keys, endpoints, the list of jobs.</summary>
internal static class UserFolder
{
    /// <summary>$BEAMLINE_HOME, else $XDG_STATE_HOME/beamline, else ~/.local/state/beamline.</summary>
    public static string Root => Given("BEAMLINE_HOME") is { } home ? Path.GetFullPath(home)
        : Given("XDG_STATE_HOME") is { } state ? Path.Combine(Path.GetFullPath(state), "beamline")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "beamline");

    /// <summary>A folder below <see cref="Root"/> that only the user may enter; it is made when it is missing.</summary>
    /// <param name="name">Its name; may have parts, for instance "local/jobs".</param>
    public static string Of(string name)
    {
        PrivateFile.CreateFolder(Root);
        var folder = Root;
        foreach (var part in name.Split('/'))
        {
            folder = Path.Combine(folder, JobNames.File(part));
            PrivateFile.CreateFolder(folder);
        }

        return folder;
    }

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
