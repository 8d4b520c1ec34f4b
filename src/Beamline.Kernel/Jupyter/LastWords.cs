using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>
/// What front ends hear when the process ends under a cell: an error for the cell that ran, instead of silence.
/// A stack overflow of library code and a kill by the system leave no time for it.
/// </summary>
internal sealed class LastWords : IDisposable
{
    private static readonly TimeSpan OnTheWire = TimeSpan.FromMilliseconds(250);

    private readonly KernelSockets _sockets;
    private readonly Lock _gate = new();
    private (JupyterMessage Message, int Count)? _running;
    private bool _isOver;

    public LastWords(KernelSockets sockets)
    {
        _sockets = sockets;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public void Begin(JupyterMessage message, int count)
    {
        lock (_gate)
        {
            _running = (message, count);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _running = null;
        }
    }

    /// <summary>From now on an end of the process is what was asked for.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void OnUnhandled(object sender, UnhandledExceptionEventArgs e) => Say(
        "KernelCrashed",
        $"The kernel ends because of an exception that nothing caught: {(e.ExceptionObject as Exception)?.GetType().Name}: " +
        $"{(e.ExceptionObject as Exception)?.Message}");

    private void OnExit(object? sender, EventArgs e) => Say(
        "KernelExited",
        $"The kernel's process is ending (exit code {Environment.ExitCode}) while this cell runs: a library that it uses " +
        "called Environment.Exit, or the process was told to end from outside.");

    private void Say(string name, string what)
    {
        JupyterMessage message;
        int count;
        lock (_gate)
        {
            if (_isOver || _running is not { } running)
            {
                return;
            }

            _isOver = true;
            (message, count) = running;
        }

        var error = CellError.Simple(name, what + " All variables are lost. Restart the kernel, and run the cells before this one again.");
        var content = JupyterSink.ErrorContent(error);
        _sockets.Publish("error", message.HeaderBytes, content);
        var reply = JupyterSink.ErrorContent(error);
        reply["status"] = "error";
        reply["execution_count"] = count;
        _sockets.Reply(message, onControl: false, "execute_reply", reply);
        _sockets.Publish("status", message.HeaderBytes, new JsonObject { ["execution_state"] = "idle" });
        _sockets.Flush();

        // The messages are with the sockets' own thread now, which dies with the process.
        new ManualResetEventSlim().Wait(OnTheWire);
    }
}
