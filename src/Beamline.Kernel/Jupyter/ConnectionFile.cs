using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Connection files as files: who may read them, and one of our own when no front end wrote one.</summary>
internal static class ConnectionFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Checks that the key in a file is a secret.</summary>
    /// <returns>A warning, or null.</returns>
    /// <exception cref="InvalidDataException">Others can write the file: the key may be theirs.</exception>
    public static string? Check(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return null;
        }

        var mode = File.GetUnixFileMode(path);
        if ((mode & OthersWrite) != 0)
        {
            throw new InvalidDataException(
                $"{path} can be written by other users of this machine ({Octal(mode)}): whoever puts a key of his own there " +
                $"runs code as you. Make it yours alone: chmod 600 {path}");
        }

        if ((mode & Others) == 0)
        {
            return null;
        }

        var warning = $"{path} can be read by other users of this machine ({Octal(mode)}): who knows its key can run code as you.";
        try
        {
            File.SetUnixFileMode(path, mode & OnlyUser);
            return $"{warning} It was made private now; if others use this machine, restart the kernel to get a new key.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{warning} Make it private: chmod 600 {path}";
        }
    }

    /// <summary>A connection on free ports of this machine with a new key.</summary>
    public static ConnectionInfo NewLocal() => new()
    {
        Ip = "127.0.0.1", ShellPort = 0, IopubPort = 0, StdinPort = 0, ControlPort = 0, HeartbeatPort = 0,
        Key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
    };

    /// <summary>Writes a connection where Jupyter programs look for it, readable for the user only.</summary>
    /// <returns>The path of the file.</returns>
    public static string Write(ConnectionInfo connection)
    {
        var folder = RuntimeFolder();
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"kernel-beamline-{Environment.ProcessId}.json");
        var json = new JsonObject
        {
            ["transport"] = "tcp", ["ip"] = connection.Ip, ["shell_port"] = connection.ShellPort,
            ["iopub_port"] = connection.IopubPort, ["stdin_port"] = connection.StdinPort,
            ["control_port"] = connection.ControlPort, ["hb_port"] = connection.HeartbeatPort,
            ["signature_scheme"] = "hmac-sha256", ["key"] = connection.Key, ["kernel_name"] = KernelMetadata.KernelName,
        };
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OnlyUser;
        }

        using var writer = new StreamWriter(path, options);
        writer.WriteLine(json.ToJsonString());
        return path;
    }

    private static string RuntimeFolder() =>
        Environment.GetEnvironmentVariable("JUPYTER_RUNTIME_DIR") is { Length: > 0 } set
            ? set : Path.Combine(JupyterFolders.User, "runtime");

    private static string Octal(UnixFileMode mode) => "mode " + Convert.ToString((int)mode, 8);
}
