using System.Text.Json;

namespace Beamline.Remote.Tests;

/// <summary>A value's way: taken apart, written as JSON, read again, put together from the files.</summary>
internal sealed class Journey : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Journey(params IValueCodec[] more)
    {
        Codecs = new ValueCodecs(more);
        Store = new ArrayStore(_folder.File("store"));
    }

    public ValueCodecs Codecs { get; }

    public ArrayStore Store { get; }

    public TemporaryFolder Folder => _folder;

    public JobValue Pack<T>(T value) => Pack(value, typeof(T));

    public JobValue Pack(object? value, Type declared) =>
        JobJson.Read<JobValue>(CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(Codecs.Encode("x", "T", declared, value, Store).Value, JobJson.Options), "value"), "value");

    public object? Unpack(JobValue value, Type declared, DecodeOptions? options = null) => Codecs.Decode(value, declared, a => Store.PathOf(a.Sha256), options);

    public T? Send<T>(T value, DecodeOptions? options = null) => (T?)Unpack(Pack(value), typeof(T), options);

    public object? Send(object? value, Type declared) => Unpack(Pack(value, declared), declared);

    public string Refused<T>(T value) => Assert.Throws<EndpointException>(() => Codecs.Encode("x", "T", typeof(T), value, Store)).Message;

    public void Dispose() => _folder.Dispose();
}
