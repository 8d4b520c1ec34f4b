using System.Collections;
using System.Globalization;
using Beamline.Arrays;
using Plotly.NET;

namespace Beamline.Display;

/// <summary>
/// Keeps images out of plotly: a heatmap of 2048 x 2048 values takes 35 MB and seconds for each move. Above 512 x 512 a chart with
/// a heatmap is shown as our own picture instead.
/// </summary>
internal static class HeatmapGuard
{
    /// <summary>Rows and columns that a heatmap may have.</summary>
    public const int MostEdge = 512;

    // Kinds of traces that draw each value of a matrix.
    private static readonly string[] Kinds = ["heatmap", "heatmapgl", "contour", "surface", "image"];

    /// <summary>The first matrix of a chart that is too large for plotly, as an image.</summary>
    /// <returns>The image and what is told about it; null when the chart may be drawn by plotly.</returns>
    public static (Image Image, string Message)? Find(GenericChart chart)
    {
        foreach (var trace in GenericChart.getTraces(chart))
        {
            if (!Kinds.Contains(trace.type) || Value(trace, "z") is not { } z)
            {
                continue;
            }

            var (rows, columns, values) = z is DynamicObj.DynamicObj typed ? Encoded(typed) : z is IEnumerable sequence ? Nested(sequence) : (0, 0, null);
            if (values is not null && (rows > MostEdge || columns > MostEdge))
            {
                var image = new Image(rows, columns, values()) { Title = Value(trace, "name") as string ?? "" };
                return (image,
                    $"A {trace.type} of {rows} x {columns} values is too large for plotly (limit {MostEdge} x {MostEdge}): here is the picture. " +
                    "new Image(rows, columns, values).View() has a viewer, a window and exact values.");
            }
        }

        return null;
    }

    private static object? Value(DynamicObj.DynamicObj thing, string name) =>
        thing.TryGetPropertyValue(name) is { } found ? found.Value : null;

    private static (int Rows, int Columns, Func<float[]>? Values) Nested(IEnumerable rows)
    {
        var all = rows.Cast<object>().Select(row => row is IEnumerable values and not string ? values.Cast<object?>().ToArray() : []).ToArray();
        var columns = all.Select(row => row.Length).DefaultIfEmpty(0).Max();
        return (all.Length, columns, () =>
        {
            var values = new float[all.Length * columns];
            Array.Fill(values, float.NaN);
            for (var r = 0; r < all.Length; r++)
            {
                for (var c = 0; c < all[r].Length; c++)
                {
                    values[(r * columns) + c] = all[r][c] is IConvertible number and not string ? number.ToSingle(CultureInfo.InvariantCulture) : float.NaN;
                }
            }

            return values;
        });
    }

    private static (int Rows, int Columns, Func<float[]>? Values) Encoded(DynamicObj.DynamicObj typed)
    {
        var shape = (Value(typed, "shape") as string)?.Split(',').Select(s => int.TryParse(s, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
        if (shape is not [> 0, > 0] || Value(typed, "bdata") is not string data || Value(typed, "dtype")?.ToString() is not { } type)
        {
            return (0, 0, null);
        }

        var json = new System.Text.Json.Nodes.JsonObject { ["bdata"] = data, ["dtype"] = type };
        return (shape[0], shape[1], () => Array.ConvertAll(ChartJson.Values(json) ?? [], v => v is double number ? (float)number : float.NaN));
    }
}
