using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>The kernel as Jupyter starts it.</summary>
public static class KernelHost
{
    /// <summary>Serves front ends until one asks to shut down, the token is cancelled, or Jupyter is gone.</summary>
    /// <param name="connectionFile">
    /// The connection file that Jupyter wrote; its key must not be empty. Null to write one, with new ports and a new key,
    /// and say on standard output how to connect.
    /// </param>
    /// <param name="extensions">What cells can use beside C#.</param>
    /// <returns>0 after an orderly end, 2 when the connection file cannot be used.</returns>
    public static Task<int> RunAsync(string? connectionFile, IReadOnlyList<INotebookExtension> extensions) =>
        ServeAsync(connectionFile, extensions, RunContext.Default, CancellationToken.None);

    /// <summary>Serves front ends with a device and a memory limit for all cells.</summary>
    /// <param name="connectionFile">The connection file that Jupyter wrote, or null to write one.</param>
    /// <param name="extensions">What cells can use beside C#.</param>
    /// <param name="device">What to compute on.</param>
    /// <param name="memoryLimitBytes">Memory that the process may hold, or null for what is free.</param>
    /// <param name="cancellationToken">Ends the kernel.</param>
    /// <returns>0 after an orderly end, 2 when the connection file cannot be used.</returns>
    public static Task<int> RunAsync(
        string? connectionFile, IReadOnlyList<INotebookExtension> extensions, Device device, long? memoryLimitBytes,
        CancellationToken cancellationToken = default) =>
        ServeAsync(
            connectionFile, extensions, new RunContext { Device = device, MemoryLimitBytes = memoryLimitBytes }, cancellationToken);

    private static async Task<int> ServeAsync(
        string? connectionFile, IReadOnlyList<INotebookExtension> extensions, RunContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        JupyterKernel kernel;
        string? written = null;
        try
        {
            var connection = connectionFile is null ? ConnectionFile.NewLocal() : Load(connectionFile);
            kernel = new JupyterKernel(
                connection, extensions, history: new CellHistory(HistoryFile.OfUser()), context: context, connectionFile: connectionFile);
            if (connectionFile is null)
            {
                written = ConnectionFile.Write(kernel.Connection);
                await Console.Out.WriteLineAsync(
                    $"The kernel is ready. Connect with: jupyter console --existing {written}\nCtrl-C twice within 2 s ends it; once interrupts the cell.")
                    .ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException
            or NetMQ.NetMQException)
        {
            await Console.Error.WriteLineAsync($"The kernel cannot start: {exception.Message}").ConfigureAwait(false);
            return 2;
        }

        try
        {
            await ServeAsync(kernel, isAlone: connectionFile is null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (written is not null)
            {
                File.Delete(written);
            }
        }

        return 0;
    }

    private static ConnectionInfo Load(string path)
    {
        if (ConnectionFile.Check(path) is { } warning)
        {
            Console.Error.WriteLine($"Warning: {warning}");
        }

        return ConnectionInfo.Load(path);
    }

    private static async Task ServeAsync(JupyterKernel kernel, bool isAlone, CancellationToken cancellationToken)
    {
        using (kernel)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var last = 0L;

            // Ctrl-C in the terminal of Jupyter reaches its kernels, too: there it means interrupt, not end. A kernel that
            // was started by hand has no one else who could end it.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                kernel.Interrupt();
                if (isAlone && last != 0 && Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(2))
                {
                    stop.Cancel();
                }

                last = Stopwatch.GetTimestamp();
            });
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            });
            kernel.Start();
            await Task.WhenAny(kernel.Ended, ParentGoneAsync(stop.Token)).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Completes when the token is cancelled or the process that started the kernel has ended.</summary>
    private static async Task ParentGoneAsync(CancellationToken cancellationToken)
    {
        // Jupyter says who it is; without this a kernel would live on, at worst computing, when Jupyter was killed.
        var parent = int.TryParse(
            Environment.GetEnvironmentVariable("JPY_PARENT_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id : 0;
        try
        {
            if (parent <= 1)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
                return;
            }

            using var process = Process.GetProcessById(parent);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The end that was waited for.
        }
        catch (ArgumentException)
        {
            // No process of that id: it has ended already.
        }
    }
}
