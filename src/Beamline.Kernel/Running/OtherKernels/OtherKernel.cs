using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Another Jupyter kernel, started and connected.</summary>
internal sealed class OtherKernel : IAsyncDisposable
{
    private static readonly TimeSpan Asking = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(5);

    private readonly KernelProcess _process;
    private readonly CancellationTokenSource _watching = new();

    private OtherKernel(InstalledKernel spec, KernelProcess process)
    {
        (Spec, _process, Sockets) = (spec, process, new ClientSockets(process.Connection));
        _ = WatchAsync();
    }

    public InstalledKernel Spec { get; }

    public ClientSockets Sockets { get; }

    /// <summary>What the kernel says about its language.</summary>
    public JsonObject LanguageInfo { get; private set; } = [];

    /// <summary>Starts a kernel and waits until it answers.</summary>
    /// <exception cref="RunInputException">It ended at once, or did not answer in time.</exception>
    public static async Task<OtherKernel> StartAsync(
        InstalledKernel spec, string workingFolder, RunOptions options, CancellationToken cancellationToken)
    {
        var kernel = new OtherKernel(spec, KernelProcess.Start(spec, workingFolder, options.KernelEnvironment));
        try
        {
            await kernel.WaitReadyAsync(options.KernelStartTimeout, cancellationToken).ConfigureAwait(false);
            return kernel;
        }
        catch
        {
            kernel._process.Kill();
            await kernel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks the kernel to stop what it runs: by message or signal, as its specification says.</summary>
    /// <returns>False when there is no way; then only <see cref="Kill"/> is left.</returns>
    public bool Interrupt()
    {
        if (!Spec.InterruptByMessage)
        {
            return _process.Interrupt();
        }

        Sockets.Send(ClientChannel.Control, "interrupt_request", []);
        return true;
    }

    public void Kill() => _process.Kill();

    /// <summary>The exception for a kernel that has gone.</summary>
    public KernelDiedException Died() => new($"The kernel '{Spec.Name}' died. {_process.Epitaph()}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Sockets.Send(ClientChannel.Control, "shutdown_request", new JsonObject { ["restart"] = false });
            using var patience = new CancellationTokenSource(Leaving);
            try
            {
                await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        await _watching.CancelAsync().ConfigureAwait(false);
        Sockets.Dispose();
        _process.Dispose();
        _watching.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            await _process.WaitForExitAsync(_watching.Token).ConfigureAwait(false);
            Sockets.Complete();
        }
        catch (OperationCanceledException)
        {
            // Nobody asks any more.
        }
    }

    private async Task WaitReadyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        // Output that is published before our subscription arrives is lost for ever: ready means that an answer came on
        // the shell and something on iopub, too.
        var (clock, answered, heard) = (Stopwatch.StartNew(), false, false);
        while (!answered || !heard)
        {
            if (clock.Elapsed > limit)
            {
                throw new RunInputException(
                    $"The kernel '{Spec.Name}' did not answer within {limit.TotalSeconds:0.#} s. {_process.Epitaph()}");
            }

            Sockets.Send(ClientChannel.Shell, "kernel_info_request", []);
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            turn.CancelAfter(Asking < limit ? Asking : limit);
            try
            {
                while ((!answered || !heard) && await Sockets.Received.WaitToReadAsync(turn.Token).ConfigureAwait(false))
                {
                    while (Sockets.Received.TryRead(out var message))
                    {
                        heard |= message.Channel == ClientChannel.Iopub;
                        if (message.Type == "kernel_info_reply")
                        {
                            answered = true;
                            LanguageInfo = message.Content["language_info"]?.DeepClone() as JsonObject ?? [];
                        }
                    }
                }

                if ((!answered || !heard) && _process.HasExited)
                {
                    await Task.Delay(100, cancellationToken).ConfigureAwait(false);
                    throw new RunInputException($"The kernel '{Spec.Name}' ended before it answered. {_process.Epitaph()}");
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Ask again.
            }
        }
    }
}
