using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>What the viewer of one value is given: JSON, described in docs/viewers.md.</summary>
internal sealed class ViewerPayload
{
    /// <summary>Characters of packed values in one output.</summary>
    public const int Budget = 1_000_000;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ViewerPayload(string json) => Json = json;

    /// <summary>The payload; safe inside a script element, because each &lt; is written as an escape.</summary>
    public string Json { get; }

    /// <summary>Writes a payload.</summary>
    /// <param name="kind">volume, stack, series, image, sinogram or complex.</param>
    /// <param name="text">One line about the value.</param>
    /// <param name="axes">Three axes, slowest first.</param>
    /// <param name="quantity">What the values mean.</param>
    /// <param name="parts">The packed values.</param>
    /// <param name="range">The window.</param>
    /// <param name="options">Colors.</param>
    /// <param name="at">Array indexes to begin at.</param>
    /// <param name="live">What the kernel is asked by for exact values; null when it cannot be asked.</param>
    /// <param name="mode">What the viewer begins with; null for what it does by itself.</param>
    public static ViewerPayload Write(
        string kind, string text, JsonArray axes, Quantity quantity, JsonArray parts, ValueRange range, ViewOptions options, int[]? at, string? live,
        JsonNode? mode = null)
    {
        var json = new JsonObject
        {
            ["v"] = ViewerScript.Version,
            ["kind"] = kind,
            ["text"] = text,
            ["axes"] = axes,
            ["quantity"] = new JsonObject { ["name"] = quantity.Name ?? "", ["unit"] = quantity.Unit ?? "" },
            ["parts"] = parts,
            ["window"] = new JsonArray(range.Low, range.High),
            ["map"] = options.Map.Name,
        };
        if (at is not null)
        {
            json["at"] = new JsonArray([.. at.Select(i => (JsonNode)i)]);
        }

        if (mode is not null)
        {
            json["mode"] = mode;
        }

        if (live is not null)
        {
            json["live"] = new JsonObject { ["target"] = ViewerComm.Target, ["id"] = live };
        }

        // The usual encoder would write each + of base64 as six characters.
        return new ViewerPayload(json.ToJsonString(Relaxed)
            .Replace("<", "\\u003C", StringComparison.Ordinal)
            .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
            .Replace("\u2029", "\\u2029", StringComparison.Ordinal));
    }

    /// <summary>A static picture that becomes the viewer where scripts run.</summary>
    /// <param name="still">HTML of the static picture.</param>
    public string Html(string still)
    {
        // The same value gives the same output, whenever and wherever it is shown.
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json)).AsSpan(0, 8));
        return $"<div data-beamline-viewer=\"{mark}\">{still}</div><script>" +
            string.Create(CultureInfo.InvariantCulture, $"if(!(globalThis.BeamlineViewer?.version>={ViewerScript.Version})){{{ViewerScript.Text}}}\n") +
            $"BeamlineViewer.mount(\"{mark}\",{Json})</script>";
    }
}
