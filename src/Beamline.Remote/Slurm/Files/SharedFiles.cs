namespace Beamline.Remote.Slurm;

/// <summary>A work folder that this machine sees under the same path as the nodes.</summary>
internal sealed class SharedFiles : IJobFiles
{
    /// <summary>How often a file is looked at while somebody waits for more of it.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private const int Exists = 17;

    private const int ExistsOnWindows = unchecked((int)0x80070050);

    public bool IsShared => true;

    public Task CreateFolderAsync(string path, CancellationToken cancellationToken) => Try(path, () =>
    {
        if (!Directory.Exists(path))
        {
            PrivateFile.CreateFolder(path);
        }

        return Task.CompletedTask;
    });

    public Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => Try(path, async () =>
    {
        var part = PrivateFile.TemporaryName(path);
        try
        {
            await using (var file = PrivateFile.Create(part))
            {
                await write(file, cancellationToken).ConfigureAwait(false);
            }

            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    });

    public Task<IReadOnlyList<byte[]?>> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        return Task.FromResult<IReadOnlyList<byte[]?>>([.. paths.Select(Read)]);

        static byte[]? Read(string path)
        {
            try
            {
                return File.ReadAllBytes(path);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unusable(path, e);
            }
        }
    }

    public Task<IReadOnlySet<string>> UseAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        return Task.FromResult<IReadOnlySet<string>>(paths.Where(Use).ToHashSet());

        static bool Use(string path)
        {
            try
            {
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
                return File.Exists(path);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unusable(path, e);
            }
        }
    }

    public Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
        Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p))] : []);

    public Task<IReadOnlyList<FileFacts>> TreeAsync(string folder, CancellationToken cancellationToken)
    {
        var all = new List<FileFacts>();
        return Found();

        async Task<IReadOnlyList<FileFacts>> Found()
        {
            await Try(folder, () =>
            {
                var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
                if (Directory.Exists(folder))
                {
                    all.AddRange(new DirectoryInfo(folder).EnumerateFiles("*", options)
                        .Select(f => new FileFacts(Path.GetRelativePath(folder, f.FullName), f.Length, new DateTimeOffset(f.LastWriteTimeUtc, TimeSpan.Zero))));
                }

                return Task.CompletedTask;
            }).ConfigureAwait(false);
            return all;
        }
    }

    public async Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        foreach (var path in paths)
        {
            await Try(path, () =>
            {
                if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
                {
                    Directory.Delete(path, recursive: true);
                }
                else if (Directory.Exists(Path.GetDirectoryName(path)))
                {
                    File.Delete(path);
                }

                return Task.CompletedTask;
            }).ConfigureAwait(false);
        }
    }

    public Task DeleteUnusedAsync(IReadOnlyList<string> paths, DateTimeOffset since, CancellationToken cancellationToken) =>
        DeleteAsync([.. paths.Where(p => File.GetLastWriteTimeUtc(p) < since.UtcDateTime)], cancellationToken);

    public async Task<bool> CreateNewAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        var isNew = true;
        await Try(path, () =>
        {
            try
            {
                using var file = PrivateFile.Create(path, 0);
                file.Write(bytes);
            }
            catch (IOException e) when (e.HResult is Exists or ExistsOnWindows)
            {
                // It may be gone by now.
                isNew = false;
            }

            return Task.CompletedTask;
        }).ConfigureAwait(false);
        return isNew;
    }

    public async Task<byte[]> FollowAsync(string path, long offset, int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        var until = DateTimeOffset.UtcNow + wait;
        while (true)
        {
            var bytes = Read(path, offset, limit);
            if (bytes.Length > 0 || DateTimeOffset.UtcNow >= until)
            {
                return bytes;
            }

            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
        }

        static byte[] Read(string path, long offset, int limit)
        {
            try
            {
                // Opened anew each time: a file system of a network looks for what others wrote when a file is opened.
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
                var bytes = new byte[(int)Math.Clamp(file.Length - offset, 0, limit)];
                file.Position = offset;
                return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return [];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unusable(path, e);
            }
        }
    }

    public Task CopyAsync(string path, Stream target, CancellationToken cancellationToken) => Try(path, async () =>
    {
        await using var file = File.OpenRead(path);
        await file.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
    });

    private static async Task Try(string path, Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e);
        }
        catch (EndpointException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e.InnerException);
        }
    }

    private static EndpointException Unusable(string path, Exception e) => e is UnauthorizedAccessException
        ? new EndpointException($"{path} may not be used by {Environment.UserName}: it belongs to another user, or is closed. The field workFolder must be a folder of your own.", e)
        : new EndpointException($"{path} cannot be used: {e.Message} The field workFolder must be a folder of yours with space, which this machine and the nodes share.", e);
}
