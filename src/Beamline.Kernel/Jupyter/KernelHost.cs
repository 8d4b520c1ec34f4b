using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>The kernel as Jupyter starts it.</summary>
public static class KernelHost
{
    /// <summary>Serves front ends until one asks to shut down, the token is cancelled, or Jupyter is gone.</summary>
    /// <param name="connectionFile">The connection file that Jupyter wrote; its key must not be empty.</param>
    /// <param name="extensions">What cells can use beside C#.</param>
    /// <param name="cancellationToken">Ends the kernel.</param>
    /// <returns>0 after an orderly end, 2 when the connection file cannot be used.</returns>
    public static async Task<int> RunAsync(
        string connectionFile, IReadOnlyList<INotebookExtension> extensions, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionFile);
        ArgumentNullException.ThrowIfNull(extensions);
        JupyterKernel kernel;
        try
        {
            kernel = new JupyterKernel(ConnectionInfo.Load(connectionFile), extensions);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException
            or NetMQ.NetMQException)
        {
            await Console.Error.WriteLineAsync($"The kernel cannot start: {exception.Message}").ConfigureAwait(false);
            return 2;
        }

        using (kernel)
        {
            // Ctrl-C in the terminal of Jupyter reaches its kernels, too: there it means interrupt, not end.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                kernel.Interrupt();
            });
            kernel.Start();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(kernel.Ended, ParentGoneAsync(stop.Token)).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
        }

        return 0;
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
