using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>The process of another kernel, its connection file, and the last lines that it wrote.</summary>
internal sealed partial class KernelProcess : IDisposable
{
    private const int KeptLines = 15;
    private const int SigInt = 2;

    private readonly Process _process;
    private readonly string _folder;
    private readonly Queue<string> _lines = new();

    private KernelProcess(Process process, string folder, ConnectionInfo connection) =>
        (_process, _folder, Connection) = (process, folder, connection);

    public ConnectionInfo Connection { get; }

    public bool HasExited => _process.HasExited;

    /// <exception cref="RunInputException">Its program cannot be started.</exception>
    public static KernelProcess Start(InstalledKernel spec, string workingFolder, IReadOnlyDictionary<string, string?> environment)
    {
        var folder = Directory.CreateTempSubdirectory("beamline-kernel-").FullName;
        try
        {
            var file = Path.Combine(folder, "connection.json");
            var connection = WriteConnection(file, spec.Name);
            string[] command = [.. spec.Command.Select(word => word
                .Replace("{connection_file}", file, StringComparison.Ordinal)
                .Replace("{resource_dir}", spec.Folder, StringComparison.Ordinal))];
            var start = new ProcessStartInfo(command[0], command[1..])
            {
                WorkingDirectory = workingFolder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (name, value) in spec.Environment)
            {
                start.Environment[name] = Environment.ExpandEnvironmentVariables(value);
            }

            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            start.Environment["JPY_PARENT_PID"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            var process = Process.Start(start)!;
            var started = new KernelProcess(process, folder, connection);
            started.Listen();
            return started;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            Directory.Delete(folder, recursive: true);
            throw new RunInputException($"The kernel '{spec.Name}' cannot be started: {spec.Command[0]}: {exception.Message}", exception);
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>How it ended and the last lines that it wrote, for messages.</summary>
    public string Epitaph()
    {
        string[] lines;
        lock (_lines)
        {
            lines = [.. _lines];
        }

        var end = _process.HasExited ? $"It ended with code {_process.ExitCode}" : "It still runs";
        return lines.Length == 0 ? $"{end} and wrote nothing." : $"{end} and wrote last:\n{string.Join('\n', lines)}";
    }

    /// <summary>Interrupts the code that runs.</summary>
    /// <returns>False when this system knows no signal for it.</returns>
    public bool Interrupt()
    {
        if (OperatingSystem.IsWindows() || _process.HasExited)
        {
            return false;
        }

        return Kill(_process.Id, SigInt) == 0;
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Listen()
    {
        void Hear(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { Length: > 0 } text)
            {
                lock (_lines)
                {
                    _lines.Enqueue(text.Length > 500 ? text[..500] + "…" : text);
                    if (_lines.Count > KeptLines)
                    {
                        _lines.Dequeue();
                    }
                }
            }
        }

        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
    }

    private static ConnectionInfo WriteConnection(string file, string name)
    {
        var ports = FreePorts(5);
        var connection = new ConnectionInfo
        {
            Ip = "127.0.0.1",
            ShellPort = ports[0],
            IopubPort = ports[1],
            StdinPort = ports[2],
            ControlPort = ports[3],
            HeartbeatPort = ports[4],
            Key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        };
        var json = new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = connection.Ip,
            ["shell_port"] = connection.ShellPort,
            ["iopub_port"] = connection.IopubPort,
            ["stdin_port"] = connection.StdinPort,
            ["control_port"] = connection.ControlPort,
            ["hb_port"] = connection.HeartbeatPort,
            ["key"] = connection.Key,
            ["signature_scheme"] = "hmac-sha256",
            ["kernel_name"] = name,
        };

        // Whoever reads the key can run code as this user.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file, options);
        writer.Write(json.ToJsonString());
        return connection;
    }

    /// <summary>Ports that nobody uses at the moment, all held until the last is found so that they differ.</summary>
    private static int[] FreePorts(int count)
    {
        var held = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. held.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            foreach (var listener in held)
            {
                listener.Dispose();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
