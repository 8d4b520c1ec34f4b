using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// Answers viewers that ask for the exact values of what was shown: parts of slices at any resolution, and lines. Arrays are
/// held weakly: one that left memory cannot be asked for any more, and the viewer goes on with what was saved.
/// </summary>
/// <remarks>
/// The front end opens the comm with <c>{"id": "..."}</c>, the name in the output. Then it sends
/// <c>{"do": "hello" | "plane" | "profile", "seq": n, ...}</c>; each answer carries the same <c>seq</c> and <c>count</c> 32-bit floats,
/// little endian, in one buffer, or <c>error</c>.
/// </remarks>
public sealed class ViewerComm : ICommTarget
{
    internal const string Target = "beamline.viewer";

    /// <inheritdoc/>
    public string Name => Target;

    /// <inheritdoc/>
    public void Listening() => LiveArrays.IsListening = true;

    /// <inheritdoc/>
    public void Opened(INotebookComm comm, CommMessage content)
    {
        ArgumentNullException.ThrowIfNull(comm);
        ArgumentNullException.ThrowIfNull(content);
        var id = content.Data["id"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
        comm.Received = asked => comm.Send(Answer(id, asked.Data));
    }

    /// <summary>The answer to one message.</summary>
    internal static CommMessage Answer(string id, JsonObject asked)
    {
        var seq = asked["seq"]?.DeepClone();
        try
        {
            var array = LiveArrays.Find(id, Number(asked, "part", 0))
                ?? throw new ArgumentException("the array is no longer in memory");
            switch (asked["do"] is JsonValue word && word.TryGetValue<string>(out var what) ? what : "")
            {
                case "hello":
                    return CommMessage.Of(new JsonObject { ["seq"] = seq, ["shape"] = new JsonArray([.. ArrayRows.Of(array).Shape.Select(n => (JsonNode)n)]) });
                case "plane":
                    var (from, to) = (Pair(asked, "from"), Pair(asked, "to"));
                    var plane = LivePlane.Read(array, Cut(asked) with
                    {
                        RowStart = (int)from.Row, ColumnStart = (int)from.Column, RowEnd = (int)to.Row, ColumnEnd = (int)to.Column, Step = Number(asked, "step", 1),
                    });
                    return Values(seq, plane.Values, new JsonObject
                    {
                        ["rows"] = plane.RowCount, ["columns"] = plane.ColumnCount, ["rowStep"] = (int)plane.RowStep, ["columnStep"] = (int)plane.ColumnStep,
                    });
                case "profile":
                    return Values(seq, LiveProfile.Read(array, Cut(asked), Pair(asked, "from"), Pair(asked, "to")), []);
                default:
                    throw new ArgumentException("the kernel does not know what the viewer asks for");
            }
        }
        catch (Exception e) when (e is ArgumentException or ObjectDisposedException or IOException or OutOfMemoryException)
        {
            var why = e is ObjectDisposedException ? "the array was disposed" : e.Message;
            return CommMessage.Of(new JsonObject { ["seq"] = seq, ["error"] = why });
        }
    }

    private static CommMessage Values(JsonNode? seq, float[] values, JsonObject data)
    {
        data["seq"] = seq;
        data["count"] = values.Length;
        return new CommMessage(data, [], [MemoryMarshal.AsBytes(values.AsSpan()).ToArray()]);
    }

    private static PlaneRequest Cut(JsonObject asked) =>
        new(Number(asked, "normal", -1), Number(asked, "rows", -1), Number(asked, "columns", -1), Number(asked, "index", -1), 0, 0, 0, 0, 1);

    private static int Number(JsonObject asked, string name, int otherwise) =>
        asked[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : otherwise;

    private static (double Row, double Column) Pair(JsonObject asked, string name) =>
        asked[name] is JsonArray { Count: 2 } pair && Coordinate(pair[0]) is { } row && Coordinate(pair[1]) is { } column
            ? (row, column)
            : throw new ArgumentException($"'{name}' is not two numbers");

    // Front ends write 3 and 3.5 alike, and JSON that was made here holds whole numbers as such.
    private static double? Coordinate(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;
}
