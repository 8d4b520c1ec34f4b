namespace Beamline.Remote;

/// <summary>
/// Arrays by their hashes: store/ab/abcdef..., written under another name first. Several processes may use it at the same time.
/// </summary>
internal sealed class ArrayStore : IArraySink
{
    private readonly string _folder;

    /// <summary>Opens a store; its folder is made (0700) when it is missing.</summary>
    public ArrayStore(string folder)
    {
        _folder = Path.GetFullPath(folder);
        PrivateFile.CreateFolder(_folder);
    }

    public string Folder => _folder;

    public bool Has(string sha256) => throw new NotImplementedException();

    /// <summary>Which of some hashes are not there, each once.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> sha256) => throw new NotImplementedException();

    /// <summary>Path of an array that is there.</summary>
    /// <exception cref="EndpointException">It is not there, or is a link.</exception>
    public string PathOf(string sha256) => throw new NotImplementedException();

    public FileStream Open(string sha256) => throw new NotImplementedException();

    /// <summary>Adds a file; one that is there is not written again.</summary>
    /// <returns>Bytes that were written; 0 when it was there.</returns>
    public long Add(IArraySource source) => throw new NotImplementedException();

    /// <summary>Adds what comes from a stream, for instance an upload.</summary>
    /// <exception cref="EndpointException">It is longer than the limit, or its hash is another one; nothing is kept.</exception>
    public Task<long> AddAsync(Stream content, string sha256, long limit, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Writes and hashes in one pass.</summary>
    public JobArray Add(ArrayContent content) => throw new NotImplementedException();

    /// <summary>Adds a file that exists: by a hard link where that is possible and asked for, by a copy otherwise.</summary>
    public string AddFile(string path, bool mayLink = false) => throw new NotImplementedException();

    public long SizeBytes() => throw new NotImplementedException();

    /// <summary>Removes what no job uses: older ones than an age, and then the oldest until the store is below a limit.</summary>
    /// <returns>Bytes that were freed.</returns>
    public long Prune(IReadOnlySet<string> inUse, TimeSpan age, long limitBytes) => throw new NotImplementedException();
}
