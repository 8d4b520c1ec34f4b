using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Beamline.Remote;

/// <summary>The body of an upload: a file that is written as it is sent, never held as a whole.</summary>
internal sealed class ArrayUpload : HttpContent
{
    private readonly IArraySource _source;
    private readonly Action<long> _sent;
    private readonly CancellationToken _stop;

    public ArrayUpload(IArraySource source, Action<long> sent, CancellationToken stop)
    {
        (_source, _sent, _stop) = (source, sent, stop);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        Task.Run(() =>
        {
            using var watched = new WatchedStream(stream, bytes => _sent(bytes.Length), _stop);
            using var buffered = new BufferedStream(watched, 1 << 18);
            _source.WriteTo(buffered);
        });

    protected override bool TryComputeLength(out long length)
    {
        length = _source.Array.Bytes;
        return true;
    }
}
