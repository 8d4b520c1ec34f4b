using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Runs cells in another kernel.</summary>
internal sealed class OtherKernelExecutor(OtherKernel kernel, DisplayIndex displays) : ICellExecutor
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public async Task<CellOutcome> RunAsync(NotebookCell cell, CellRequest request, CancellationToken cancellationToken)
    {
        var id = kernel.Sockets.Send(ClientChannel.Shell, "execute_request", new JsonObject
        {
            ["code"] = request.Code,
            ["silent"] = false,
            ["store_history"] = true,
            ["user_expressions"] = new JsonObject(),
            ["allow_stdin"] = false,
            ["stop_on_error"] = false,
        });
        var outputs = new MessageOutputs(cell, displays);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(request.Timeout);
        try
        {
            await UntilIdleAsync(id, outputs, stop.Token).ConfigureAwait(false);
            return outputs.Error is { } error ? new CellOutcome(CellStatus.Failed, error) : new CellOutcome(CellStatus.Ok);
        }
        catch (OperationCanceledException)
        {
            var status = cancellationToken.IsCancellationRequested ? CellStatus.Interrupted : CellStatus.TimedOut;
            return new CellOutcome(status, await StopAsync(id, outputs, status).ConfigureAwait(false));
        }
    }

    /// <summary>Interrupts the cell; a kernel that does not heed it is ended. Returns the error to show.</summary>
    private async Task<CellError> StopAsync(string id, MessageOutputs outputs, CellStatus status)
    {
        if (kernel.Interrupt())
        {
            using var grace = new CancellationTokenSource(Grace);
            try
            {
                await UntilIdleAsync(id, outputs, grace.Token).ConfigureAwait(false);
                return outputs.Error ?? CellError.Simple(status.ToString(), "The cell was stopped.");
            }
            catch (Exception exception) when (exception is OperationCanceledException or KernelDiedException)
            {
                // Worse than late: it goes, below.
            }
        }

        kernel.Kill();
        var error = CellError.Simple(
            status == CellStatus.TimedOut ? "TimeoutError" : "Interrupted",
            $"The kernel '{kernel.Spec.Name}' did not stop when it was interrupted and was ended.");
        outputs.Add(error);
        return error;
    }

    /// <summary>Takes in messages until the cell's reply and its idle have come.</summary>
    private async Task UntilIdleAsync(string id, MessageOutputs outputs, CancellationToken cancellationToken)
    {
        // Kept with the outputs: what came before an interrupt is not sent again.
        while (outputs.Ended != (true, true))
        {
            if (!await kernel.Sockets.Received.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                throw kernel.Died();
            }

            while (kernel.Sockets.Received.TryRead(out var message))
            {
                if (message.ParentId != id)
                {
                    continue;
                }

                switch (message)
                {
                    case { Channel: ClientChannel.Iopub, Type: "status" } when (string?)message.Content["execution_state"] == "idle":
                        outputs.Ended = outputs.Ended with { Idle = true };
                        break;
                    case { Channel: ClientChannel.Iopub }:
                        outputs.Take(message.Type, message.Content);
                        break;
                    case { Type: "execute_reply" }:
                        outputs.Ended = outputs.Ended with { Replied = true };
                        outputs.Replied(message.Content);
                        break;
                }
            }
        }
    }
}

/// <summary>Another kernel has gone while the notebook was not through.</summary>
internal sealed class KernelDiedException(string message) : Exception(message)
{
    /// <summary>Puts the error into the outputs of the cell that ran.</summary>
    public CellError Show(NotebookCell cell)
    {
        var error = CellError.Simple("DeadKernelError", Message);
        cell.Outputs.Add(MessageOutputs.Output(error));
        return error;
    }
}
