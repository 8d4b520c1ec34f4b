using System.Text.Json;

namespace Beamline.Kernel;

/// <summary>The connection file that Jupyter writes for a kernel.</summary>
internal sealed record ConnectionInfo
{
    public required string Ip { get; init; }

    public required int ShellPort { get; init; }

    public required int IopubPort { get; init; }

    public required int StdinPort { get; init; }

    public required int ControlPort { get; init; }

    public required int HeartbeatPort { get; init; }

    public required string Key { get; init; }

    public string Address(int port) => $"tcp://{Ip}:{port}";

    /// <summary>Reads a connection file.</summary>
    /// <exception cref="InvalidDataException">It is not one, or asks for something unsafe.</exception>
    public static ConnectionInfo Load(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var root = json.RootElement;
            var (transport, scheme) = (Text(root, "transport", "tcp"), Text(root, "signature_scheme", "hmac-sha256"));
            if (transport != "tcp")
            {
                throw new InvalidDataException($"{path}: transport '{transport}' is not supported, only tcp.");
            }

            if (scheme != "hmac-sha256")
            {
                throw new InvalidDataException($"{path}: signature scheme '{scheme}' is not supported, only hmac-sha256.");
            }

            var key = Text(root, "key", "");
            if (key.Length == 0)
            {
                throw new InvalidDataException(
                    $"{path}: the key is empty. Whoever reaches the ports could run code, so a key is required.");
            }

            var ip = Text(root, "ip", "127.0.0.1");
            if (ip is "0.0.0.0" or "*" or "::" or "[::]")
            {
                throw new InvalidDataException(
                    $"{path}: ip {ip} would open the kernel to every network of this machine, and its messages are signed " +
                    "but not encrypted. Use 127.0.0.1, or the address of the one network that front ends come from.");
            }

            return new ConnectionInfo
            {
                Ip = ip,
                ShellPort = Port(root, "shell_port", path),
                IopubPort = Port(root, "iopub_port", path),
                StdinPort = Port(root, "stdin_port", path),
                ControlPort = Port(root, "control_port", path),
                HeartbeatPort = Port(root, "hb_port", path),
                Key = key,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is not a connection file: {exception.Message}", exception);
        }
    }

    private static string Text(JsonElement root, string name, string otherwise) =>
        root.TryGetProperty(name, out var value) ? value.GetString() ?? otherwise : otherwise;

    private static int Port(JsonElement root, string name, string path) =>
        root.TryGetProperty(name, out var value) && value.GetInt32() is > 0 and < 65536 and var port
            ? port
            : throw new InvalidDataException($"{path} is not a connection file: {name} is not a port.");
}
