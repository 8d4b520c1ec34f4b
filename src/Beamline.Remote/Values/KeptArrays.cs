namespace Beamline.Remote;

/// <summary>Keeps arrays where they are, and only hashes them: for a sender that does not know yet what the endpoint has.</summary>
internal sealed class KeptArrays : IArraySink
{
    private readonly List<IArraySource> _sources = [];

    public IReadOnlyList<IArraySource> Sources => _sources;

    public JobArray Add(ArrayContent content)
    {
        if (content.IsCostly)
        {
            var spooled = new SpooledArray(content);
            _sources.Add(spooled);
            return spooled.Array;
        }

        using var hashing = new HashingStream(Stream.Null);
        content.WriteTo(hashing);
        var array = new JobArray(content.DType, content.Shape, content.Bytes, hashing.Finish());
        _sources.Add(new MemoryArray(array, content.WriteTo));
        return array;
    }

    private sealed class MemoryArray(JobArray array, Action<Stream> writeTo) : IArraySource
    {
        public JobArray Array => array;

        public void WriteTo(Stream stream) => writeTo(stream);
    }

    /// <summary>Values that are computed when they are asked for are computed once. The file goes when nobody holds this any more.</summary>
    private sealed class SpooledArray : IArraySource, IDisposable
    {
        private const int CopyBytes = 1 << 20;

        private readonly FileStream _file;
        private readonly Lock _gate = new();

        public SpooledArray(ArrayContent content)
        {
            var path = PrivateFile.TemporaryName(Path.Combine(UserFolder.Of("spool"), "array"));
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, Options = FileOptions.DeleteOnClose };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _file = new FileStream(path, options);
            try
            {
                using var hashing = new HashingStream(_file);
                content.WriteTo(hashing);
                Array = new JobArray(content.DType, content.Shape, content.Bytes, hashing.Finish());
            }
            catch (Exception e)
            {
                _file.Dispose();
                if (e is IOException)
                {
                    throw DiskErrors.Of(e, path, content.Bytes);
                }

                throw;
            }
        }

        public JobArray Array { get; }

        public void Dispose() => _file.Dispose();

        public void WriteTo(Stream stream)
        {
            lock (_gate)
            {
                _file.Position = 0;
                _file.CopyTo(stream, CopyBytes);
            }
        }
    }
}
