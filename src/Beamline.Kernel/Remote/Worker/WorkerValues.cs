using System.Text.Json;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Takes values of a job apart and together.</summary>
internal sealed class WorkerValues(JobFolder folder, string? store)
{
    public object? Decode(JobValue value, Type type)
    {
        _ = store;
        return value.Json is null ? null : value.Json.Deserialize(type, JobJson.Options);
    }

    public JobValue Encode(string name, string typeName, Type type, object? value)
    {
        _ = folder;
        try
        {
            return new JobValue(name, typeName, "json") { Json = JsonSerializer.SerializeToNode(value, type, JobJson.Options) };
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or ArgumentException)
        {
            return new JobValue(name, typeName, "json") { Problem = exception.Message };
        }
    }
}
