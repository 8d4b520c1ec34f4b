namespace Beamline.Remote;

/// <summary>Puts files straight into the store of an endpoint on the same machine: no byte goes through a socket.</summary>
internal static class SharedStore
{
    /// <summary>Whether this user can write there.</summary>
    public static bool IsWritable(string store)
    {
        var probe = PrivateFile.TemporaryName(Path.Combine(store, "probe"));
        try
        {
            PrivateFile.Create(probe).Dispose();
            File.Delete(probe);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="EndpointException">The disk is full, or the source gives other bytes than it said.</exception>
    public static void Write(string store, IArraySource source, Action<long> wrote, CancellationToken cancellationToken) =>
        new ArrayStore(store).Add(new Watched(source, wrote, cancellationToken));

    private sealed class Watched(IArraySource source, Action<long> wrote, CancellationToken cancellationToken) : IArraySource
    {
        public JobArray Array => source.Array;

        public void WriteTo(Stream stream)
        {
            using var watched = new WatchedStream(stream, bytes => wrote(bytes.Length), cancellationToken);
            source.WriteTo(watched);
        }
    }
}
