using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>An output that can carry comm messages to a front end, as children of what runs.</summary>
internal interface ICommSink
{
    /// <summary>True when a front end hears them.</summary>
    bool IsConnected => true;

    void Comm(string type, JsonObject content, JsonObject? metadata, IReadOnlyList<byte[]> buffers);
}
