using System.Collections;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Shows the first elements of a sequence: one column for plain values, one per property or key for others.</summary>
internal static class SequenceTable
{
    private const int MostColumns = 20;

    /// <summary>Shows a sequence.</summary>
    /// <param name="sequence">The sequence; one element more than is shown is read, never the whole.</param>
    /// <param name="most">How many elements are shown.</param>
    /// <param name="count">How many there are, when it is known.</param>
    public static MimeBundle Of(IEnumerable sequence, int most, long? count = null)
    {
        var elements = new List<object?>();
        var more = false;
        foreach (var element in sequence)
        {
            if (elements.Count == most)
            {
                // Not counted to the end: a sequence may be endless, or cost a reconstruction per element.
                more = true;
                break;
            }

            elements.Add(element);
        }

        count ??= Count(sequence);
        more |= count > elements.Count;
        var note = !more ? null : count is { } all ? $"{most} of {all} elements" : $"the first {most} elements; more follow";
        var below = !more ? null : count is { } total ? $"… {total - elements.Count} more elements" : "… more elements follow";
        if (elements.Count == 0)
        {
            return MimeBundle.FromText($"{TypeNames.Of(sequence.GetType())}: no elements");
        }

        var types = elements.OfType<object>().Select(e => e.GetType()).Distinct().ToArray();
        if (elements.TrueForAll(e => e is null or IDictionary) && elements.OfType<IDictionary>().All(d => d.Keys.OfType<string>().Take(1).Any()))
        {
            return ByKey(elements, note, below);
        }

        return types is [var type] && !BuiltInFormatter.IsPlain(type) && BuiltInFormatter.Members(type).Count > 0
            ? ByMember(type, elements, note, below)
            : ByValue(types, elements, note, below);
    }

    private static MimeBundle ByValue(Type[] types, List<object?> elements, string? note, string? below)
    {
        var shown = elements.Select(e => BuiltInFormatter.OneLine(e)).ToArray();
        var html = HtmlTable.Typed(
            [new("Index", "", IsNumber: true), new("Value", types is [var one] ? TypeNames.Of(one) : "", types is [var type] && BuiltInFormatter.IsNumber(type))],
            shown.Select((text, i) => new[] { i.ToString(), text }), below);
        return MimeBundle.FromHtml(html, $"[{string.Join(", ", shown)}{(note is null ? "" : ", ...")}]" +
            (note is null ? "" : $" ({note})"));
    }

    private static MimeBundle ByMember(Type type, List<object?> elements, string? note, string? below)
    {
        var members = BuiltInFormatter.Members(type);
        return Table(
            [.. members.Select(m => (m.Name, m.Type))],
            [.. elements.Select(element => members.Take(MostColumns).Select(m => element is null
                ? "null"
                : BuiltInFormatter.Guarded(() => BuiltInFormatter.OneLine(m.Read(element)))).ToArray())],
            note, below);
    }

    private static MimeBundle ByKey(List<object?> elements, string? note, string? below)
    {
        var rows = elements.Select(e => e as IDictionary).ToArray();
        string[] keys = [.. rows.OfType<IDictionary>().SelectMany(row => row.Keys.Cast<object>().Take(200).OfType<string>()).Distinct()];
        return Table(
            [.. keys.Select(key => (key, rows.Select(row => row?[key]?.GetType()).OfType<Type>().Distinct().ToArray() is [var type] ? type : typeof(object)))],
            [.. rows.Select(row => keys.Take(MostColumns).Select(key => row is null ? "null" : row.Contains(key) ? BuiltInFormatter.OneLine(row[key]) : "").ToArray())],
            note, below);
    }

    private static MimeBundle Table(IReadOnlyList<(string Name, Type Type)> members, string[][] cells, string? note, string? below)
    {
        var left = members.Count - MostColumns;
        var shown = members.Take(MostColumns).ToArray();
        HtmlColumn[] columns =
        [
            new("Index", "", IsNumber: true),
            .. shown.Select(m => new HtmlColumn(ColumnNames.WithUnit(m.Name), m.Type == typeof(object) ? "" : TypeNames.Of(m.Type), BuiltInFormatter.IsNumber(m.Type))),
            .. Enumerable.Repeat(new HtmlColumn($"… {left} more columns"), left > 0 ? 1 : 0),
        ];
        string[][] rows = [.. cells.Select((row, i) => (string[])[i.ToString(), .. row, .. Enumerable.Repeat("…", left > 0 ? 1 : 0)])];
        string[] headings = ["Index", .. shown.Select(m => m.Name), .. Enumerable.Repeat($"… {left} more", left > 0 ? 1 : 0)];
        var text = string.Join('\n', rows.Prepend(headings).Select(r => string.Join("\t", r)).Append(note).OfType<string>());
        return MimeBundle.FromHtml(HtmlTable.Typed(columns, rows, below), text);
    }

    private static int? Count(IEnumerable sequence) =>
        sequence is ICollection collection ? collection.Count
        : sequence.GetType().GetInterfaces().FirstOrDefault(i =>
            i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)) is { } counted
            ? (int?)counted.GetProperty("Count")!.GetValue(sequence)
            : null;
}
