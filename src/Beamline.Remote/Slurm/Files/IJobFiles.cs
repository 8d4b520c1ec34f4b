namespace Beamline.Remote.Slurm;

/// <summary>A file as a listing has it.</summary>
/// <param name="Path">Its path below the folder that was listed, with slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Written">When it was last written.</param>
internal sealed record FileFacts(string Path, long Bytes, DateTimeOffset Written);

/// <summary>The folder of jobs and arrays, where the sender can reach it.</summary>
internal interface IJobFiles
{
    /// <summary>Whether paths there are paths here.</summary>
    bool IsShared { get; }

    /// <summary>Makes a folder that only its user may enter, and those above it.</summary>
    Task CreateFolderAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes a file as a whole: under another name first, so that nobody sees a part of it.</summary>
    Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>The content of small files; null for one that is not there.</summary>
    Task<IReadOnlyList<byte[]?>> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>Which of some files are there. Those count as used now: housekeeping leaves them alone.</summary>
    Task<IReadOnlySet<string>> UseAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>The names in a folder; none when it is not there.</summary>
    Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>All files in a folder and below it, without those behind links; none when it is not there.</summary>
    Task<IReadOnlyList<FileFacts>> TreeAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Removes files and folders with all that is in them; what is not there already is as good.</summary>
    Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken);

    /// <summary>Removes files that nobody has written or used since a time; others stay.</summary>
    Task DeleteUnusedAsync(IReadOnlyList<string> paths, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Makes a small file that must not be there: of several that try at once, whatever machine they are on, one succeeds.</summary>
    /// <returns>False when it is there.</returns>
    Task<bool> CreateNewAsync(string path, byte[] bytes, CancellationToken cancellationToken);

    /// <summary>Bytes of a file from an offset on, as soon as there are any.</summary>
    /// <param name="path">The file; it need not be there yet.</param>
    /// <param name="offset">Where to start.</param>
    /// <param name="limit">Most bytes to read.</param>
    /// <param name="wait">How long to wait for them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Empty when nothing came.</returns>
    Task<byte[]> FollowAsync(string path, long offset, int limit, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Copies a whole file.</summary>
    /// <exception cref="EndpointException">It is not there.</exception>
    Task CopyAsync(string path, Stream target, CancellationToken cancellationToken);
}
