using System.Text;

namespace Beamline.Remote.Slurm;

/// <summary>
/// Lets one sender at a time change a file of the work folder, on whatever machine they are: by a file that must not be there, because
/// locks of file systems that are shared over a network cannot be relied on. One whose owner died is taken away when it has not changed
/// for long by the waiting one's own clock; clocks of two machines are not compared.
/// </summary>
/// <param name="files">The work folder.</param>
/// <param name="path">The file.</param>
/// <param name="patience">How long one owner may take; null for half a minute.</param>
internal sealed class SlurmFolderLock(IJobFiles files, string path, TimeSpan? patience = null)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(30);

    /// <summary>Runs something alone.</summary>
    /// <param name="action">Gets what to ask just before it writes: whether nobody has taken it for dead.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task RunAsync(Func<Func<Task<bool>>, Task> action, CancellationToken cancellationToken)
    {
        var mine = $"{Environment.MachineName} {Environment.ProcessId} {Guid.NewGuid():N}";
        await TakeAsync(mine, cancellationToken).ConfigureAwait(false);
        try
        {
            await action(async () => await OwnerAsync(cancellationToken).ConfigureAwait(false) == mine).ConfigureAwait(false);
        }
        finally
        {
            if (await OwnerAsync(CancellationToken.None).ConfigureAwait(false) == mine)
            {
                await files.DeleteAsync([path], CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task TakeAsync(string mine, CancellationToken cancellationToken)
    {
        string? seen = null;
        var since = 0L;
        for (var pause = Shortest; !await files.CreateNewAsync(path, Encoding.UTF8.GetBytes(mine), cancellationToken).ConfigureAwait(false);)
        {
            var owner = await OwnerAsync(cancellationToken).ConfigureAwait(false);
            if (owner is not null && owner == seen && TimeProvider.System.GetElapsedTime(since) > _patience)
            {
                await files.DeleteAsync([path], cancellationToken).ConfigureAwait(false);
                seen = null;
                continue;
            }

            if (owner != seen)
            {
                (seen, since) = (owner, TimeProvider.System.GetTimestamp());
            }

            // Several that wait must not come back at the same time.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
    }

    private async Task<string?> OwnerAsync(CancellationToken cancellationToken) =>
        (await files.ReadAsync([path], cancellationToken).ConfigureAwait(false))[0] is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
