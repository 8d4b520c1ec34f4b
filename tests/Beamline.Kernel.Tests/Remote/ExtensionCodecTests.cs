using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>An extension brings a codec: cells take its values along and get them back, at both ends.</summary>
public sealed class ExtensionCodecTests
{
    [Fact]
    public async Task Values_that_only_an_extension_can_take_apart_travel()
    {
        using var home = new TemporaryFolder();
        using var notebook = new CaptureNotebook(new ProbeExtension(HasCodec: true));
        using var host = NotebookHost.Use(notebook.Kernel.Kernel.Host);
        await notebook.Kernel.TextAsync("var probe = Beamline.Kernel.Tests.Probe.At(7);");
        var input = Assert.Single(notebook.Capture("probe.ToString()").Inputs);
        var codec = RemoteClient.OfUser(home.Path, notebook.Kernel.Kernel.Host).Codec;
        var sent = codec.Encode(input, CancellationToken.None);
        Assert.Equal(("probe", "7"), (sent.Value.Codec, sent.Value.Json!.ToJsonString()));
        Assert.Equal("probe at 7", codec.Decode(sent.Value, typeof(Probe), [])!.ToString());

        // Within another value, too.
        var pair = codec.Encode(new CapturedInput("pair", "(int, Probe)", typeof((int, Probe)), (1, Probe.At(2))), CancellationToken.None);
        Assert.Equal("probe at 2", (((int, Probe))codec.Decode(pair.Value, typeof((int, Probe)), [])!).Item2.ToString());
    }

    [Fact]
    public async Task Without_it_they_are_refused()
    {
        using var notebook = new CaptureNotebook(new ProbeExtension(HasCodec: false));
        using var host = NotebookHost.Use(notebook.Kernel.Kernel.Host);
        await notebook.Kernel.TextAsync("var probe = Beamline.Kernel.Tests.Probe.At(7);");
        Assert.Contains("probe (Probe) cannot travel: Probe keeps something in 'place', which is not public", notebook.Refused("probe.ToString()"), StringComparison.Ordinal);
    }

    private sealed record ProbeExtension(bool HasCodec) : INotebookExtension
    {
        public string Name => "probe";

        public void Register(IExtensionRegistry registry)
        {
            registry.AddReference(typeof(Probe).Assembly);
            if (HasCodec)
            {
                registry.AddService(new ProbeCodec());
            }
        }
    }

    private sealed class ProbeCodec : IValueCodec
    {
        public string Name => "probe";

        public bool Accepts(Type type) => type == typeof(Probe);

        public JsonNode? Encode(object value, ValueWriter writer) => JsonValue.Create(int.Parse(value.ToString()!.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture));

        public object Decode(JsonElement json, Type type, ValueReader reader) => Probe.At(json.GetInt32());
    }
}

/// <summary>State that nobody but its codec can read.</summary>
public sealed class Probe
{
    private readonly int place;

    private Probe(int place) => this.place = place;

    public static Probe At(int place) => new(place);

    public override string ToString() => $"probe at {place}";
}
