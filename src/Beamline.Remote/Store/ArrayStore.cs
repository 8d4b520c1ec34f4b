namespace Beamline.Remote;

/// <summary>
/// Arrays by their hashes: store/ab/abcdef..., written under another name first. What is there is whole, so that a second job with the
/// same data sends nothing. Several processes may use a store at the same time.
/// </summary>
internal sealed class ArrayStore : IArraySink
{
    private const int CopyBytes = 1 << 20;

    private readonly string _folder;

    /// <summary>Opens a store; its folder is made (0700) when it is missing.</summary>
    /// <param name="folder">The folder.</param>
    public ArrayStore(string folder)
    {
        _folder = Path.GetFullPath(folder);
        PrivateFile.CreateFolder(_folder);
    }

    /// <summary>The folder of the store.</summary>
    public string Folder => _folder;

    /// <summary>Whether an array is there.</summary>
    /// <param name="sha256">Its hash.</param>
    public bool Has(string sha256) => Find(sha256) is not null;

    /// <summary>Which of some arrays are not there, each once.</summary>
    /// <param name="sha256">Their hashes.</param>
    public IReadOnlyList<string> Missing(IEnumerable<string> sha256) => [.. sha256.Distinct(StringComparer.Ordinal).Where(hash => !Has(hash))];

    /// <summary>Path of an array.</summary>
    /// <param name="sha256">Its hash.</param>
    /// <exception cref="EndpointException">It is not there.</exception>
    public string PathOf(string sha256) => Find(sha256)?.FullName ?? throw Unknown(sha256);

    /// <summary>Length of an array's file in bytes.</summary>
    /// <inheritdoc cref="PathOf"/>
    public long BytesOf(string sha256) => Find(sha256)?.Length ?? throw Unknown(sha256);

    /// <summary>Opens an array's file for reading. It counts as used now, for <see cref="Remove"/>.</summary>
    /// <inheritdoc cref="PathOf"/>
    public FileStream Open(string sha256)
    {
        try
        {
            var stream = Beneath.OpenRead(_folder, JobNames.Hash(sha256)[..2], sha256);
            Touch(PlaceOf(sha256));
            return stream;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unknown(sha256);
        }
    }

    /// <summary>Adds a file that a sender has; one that is there already is not written again.</summary>
    /// <param name="source">The file.</param>
    /// <returns>Bytes that were written; 0 when it was there.</returns>
    /// <exception cref="EndpointException">The disk is full, or the file changed since it was hashed; nothing is kept.</exception>
    public long Add(IArraySource source)
    {
        var array = source.Array;
        if (IsThere(array.Sha256))
        {
            return 0;
        }

        Keep(new ArrayContent(array.DType, array.Shape, array.Bytes, source.WriteTo), array.Sha256);
        return array.Bytes;
    }

    /// <summary>Writes and hashes an array in one pass.</summary>
    /// <param name="content">The file.</param>
    /// <exception cref="EndpointException">The disk is full; nothing is kept.</exception>
    public JobArray Add(ArrayContent content) => Keep(content, null);

    /// <summary>Adds what comes from a stream, for instance an upload.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="sha256">The hash that they must have.</param>
    /// <param name="limit">Most bytes that are taken.</param>
    /// <param name="cancellationToken">Stops; nothing is kept.</param>
    /// <returns>Bytes that were written; 0 when it was there, and then the stream is not read.</returns>
    /// <exception cref="EndpointException">It is longer than the limit, its hash is another one, or the disk is full; nothing is kept.</exception>
    public async Task<long> AddAsync(Stream content, string sha256, long limit, CancellationToken cancellationToken)
    {
        if (IsThere(JobNames.Hash(sha256)))
        {
            return 0;
        }

        var part = NewPart();
        long done = 0;
        try
        {
            await using (var file = PrivateFile.Create(part, 0))
            await using (var hashing = new HashingStream(file))
            {
                var buffer = new byte[CopyBytes];
                for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
                {
                    done += read;
                    if (done > limit)
                    {
                        throw new EndpointException($"The file is longer than {ByteText.Of(limit)}, the most that this endpoint takes. Send a part of the data, or ask its administrator.");
                    }

                    hashing.Write(buffer.AsSpan(0, read));
                }

                CheckHash(hashing.Finish(), sha256);
            }

            Name(part, sha256);
            return done;
        }
        catch (Exception e) when (DiskFullException.Is(e) || e is UnauthorizedAccessException)
        {
            throw DiskErrors.Of(e, PlaceOf(sha256), done);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Adds a file that exists, with its bytes as they are.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its hash.</returns>
    /// <exception cref="EndpointException">It cannot be read, or the disk is full; nothing is kept.</exception>
    public string AddFile(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
            return Keep(new ArrayContent("file", [], file.Length, target => file.CopyTo(target, CopyBytes)), null).Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EndpointException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Gives a file, which was hashed while it was written, a second name in the store: no bytes are copied.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">Its hash.</param>
    /// <returns>Whether the store has it now; a file of another file system is left where it is.</returns>
    public bool TryLink(string path, string sha256)
    {
        if (IsThere(sha256))
        {
            return true;
        }

        try
        {
            return !OperatingSystem.IsWindows() && (Libc.Link(path, FolderOf(sha256)) == 0 || Has(sha256));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Bytes of all arrays.</summary>
    public long SizeBytes() => Arrays().Sum(f => f.Length);

    /// <summary>All arrays, for housekeeping.</summary>
    public IReadOnlyList<ArrayFacts> List() => [.. Arrays().Select(f => new ArrayFacts(f.Name, f.Length, new DateTimeOffset(f.LastWriteTimeUtc, TimeSpan.Zero)))];

    /// <summary>Removes an array, unless it was used since it was listed.</summary>
    /// <returns>Bytes that were freed.</returns>
    public long Remove(ArrayFacts array)
    {
        if (Find(array.Sha256) is not { } file || file.LastWriteTimeUtc != array.Used.UtcDateTime)
        {
            return 0;
        }

        file.Delete();
        return array.Bytes;
    }

    /// <summary>Says that an array is used now, so that housekeeping leaves it alone. False when it is not there.</summary>
    /// <param name="sha256">Its hash.</param>
    public bool Use(string sha256) => IsThere(sha256);

    /// <summary>Removes what processes left that were killed while they wrote.</summary>
    /// <returns>Bytes that were freed.</returns>
    public long RemoveLeftovers()
    {
        var freed = 0L;
        // A day is longer than any upload takes.
        foreach (var part in new DirectoryInfo(_folder).EnumerateFiles(".*.part").Where(f => DateTime.UtcNow - f.LastWriteTimeUtc > TimeSpan.FromDays(1)))
        {
            freed += part.Length;
            part.Delete();
        }

        return freed;
    }

    private static void CheckHash(string found, string wanted)
    {
        if (found != wanted)
        {
            throw new EndpointException($"The file has the SHA-256 {found} and should have {wanted}: it was damaged on the way, or changed since it was hashed. Send it again.");
        }
    }

    private static EndpointException Unknown(string sha256) => new($"The store has no array {JobNames.Shown(sha256)}: it was not sent, or it was removed because no job used it. Send it again.");

    private JobArray Keep(ArrayContent content, string? wanted) => HashedFile.Write(content, NewPart(), array =>
    {
        CheckHash(array.Sha256, wanted ?? array.Sha256);
        return IsThere(array.Sha256) ? null : FolderOf(array.Sha256);
    });

    private string FolderOf(string sha256)
    {
        PrivateFile.CreateFolder(Path.GetDirectoryName(PlaceOf(sha256))!);
        return PlaceOf(sha256);
    }

    private void Name(string part, string sha256) => File.Move(part, FolderOf(sha256), overwrite: true);

    /// <summary>Whether it is there; then it counts as used, so that it is not pruned before its job is known.</summary>
    private bool IsThere(string sha256)
    {
        if (!Has(sha256))
        {
            return false;
        }

        Touch(PlaceOf(sha256));
        return true;
    }

    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A store of somebody else, or a file that has just been removed.
        }
    }

    private string NewPart() => PrivateFile.TemporaryName(Path.Combine(_folder, "array"));

    private string PlaceOf(string sha256) => Path.Combine(_folder, JobNames.Hash(sha256)[..2], sha256);

    private FileInfo? Find(string sha256)
    {
        var file = new FileInfo(PlaceOf(sha256));
        return file.Exists && file.LinkTarget is null && file.Directory!.LinkTarget is null ? file : null;
    }

    private IEnumerable<FileInfo> Arrays() => new DirectoryInfo(_folder).EnumerateDirectories()
        .Where(d => JobNames.IsHex(d.Name, 2) && d.LinkTarget is null)
        .SelectMany(d => d.EnumerateFiles())
        .Where(f => JobNames.IsHex(f.Name, 64) && f.LinkTarget is null);
}
