namespace Beamline.Kernel;

/// <summary>
/// A session for each job, made while none runs: two jobs never see each other's variables, and a job finds the compiler and
/// its references ready.
/// </summary>
internal sealed class PreparedKernels(WorkerOptions options) : IDisposable
{
    // A solver that is cancelled finishes an iteration and hands over what it has.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private Task<NotebookKernel>? _next;

    /// <summary>Begins to make the session of the next job.</summary>
    public void Begin() => _next ??= Task.Run(MakeAsync);

    /// <summary>Makes the first session, and compiles and runs a little in it.</summary>
    public async Task WarmUpAsync()
    {
        Begin();
        var kernel = await _next!.ConfigureAwait(false);
        await kernel.Session.WarmUpAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The session for a job, which disposes it.</summary>
    public async Task<NotebookKernel> TakeAsync()
    {
        Begin();
        var taken = _next!;
        _next = null;
        return await taken.ConfigureAwait(false);
    }

    public void Dispose()
    {
        if (_next is { IsCompletedSuccessfully: true } made)
        {
            made.Result.Dispose();
        }
    }

    private async Task<NotebookKernel> MakeAsync()
    {
        var kernel = new NotebookKernel(options.Extensions()) { Grace = Grace };
        await kernel.Session.PrepareAsync().ConfigureAwait(false);
        return kernel;
    }
}
