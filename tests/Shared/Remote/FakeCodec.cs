using System.Text.Json;
using Beamline.Remote;

namespace Beamline.Tests;

/// <summary>Values as JSON; arrays of bytes count as files of that length.</summary>
internal sealed class FakeCodec : IJobCodec
{
    public List<JobDescription> Signed { get; } = [];

    public EncodedInput Encode(CapturedInput input, CancellationToken cancellationToken)
    {
        var value = new JobValue(input.Name, input.TypeName, "json");
        if (input.Value is byte[] bytes)
        {
            var array = new JobArray("|u1", [bytes.Length], bytes.Length, input.Name.PadRight(64, 'a'));
            return new EncodedInput(value with { Arrays = [array] }, [new Source(array)]);
        }

        return new EncodedInput(value with { Json = JsonSerializer.SerializeToNode(input.Value) }, []);
    }

    public object? Decode(JobValue value, Type type, IReadOnlyList<string> files) =>
        files.Count > 0 ? JsonSerializer.Deserialize(File.ReadAllText(files[0]), type) : value.Json.Deserialize(type);

    public SignedJob Sign(JobDescription job)
    {
        Signed.Add(job);
        return new SignedJob(JobJson.Write(job), new JobSignature("key", "public", "signature"));
    }

    private sealed class Source(JobArray array) : IArraySource
    {
        public JobArray Array => array;

        public void WriteTo(Stream stream) => stream.Write(new byte[array.Bytes]);
    }
}
