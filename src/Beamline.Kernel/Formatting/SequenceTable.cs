using System.Collections;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Shows the first elements of a sequence: one column for plain values, one per property for others.</summary>
internal static class SequenceTable
{
    public static MimeBundle Of(IEnumerable sequence, int most)
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

        var note = !more ? null
            : Count(sequence) is { } count ? $"{most} of {count} elements"
            : $"the first {most} elements; more follow";
        if (elements.Count == 0)
        {
            return MimeBundle.FromText($"{TypeNames.Of(sequence.GetType())}: no elements");
        }

        var types = elements.OfType<object>().Select(e => e.GetType()).Distinct().ToArray();
        return types is [var type] && !BuiltInFormatter.IsPlain(type) && BuiltInFormatter.Members(type).Count is > 0 and <= 20
            ? ByProperty(type, elements, note)
            : ByValue(elements, note);
    }

    private static MimeBundle ByValue(List<object?> elements, string? note)
    {
        var shown = elements.Select(e => BuiltInFormatter.OneLine(e)).ToArray();
        var html = HtmlTable.Of(["Index", "Value"], shown.Select((text, i) => new[] { i.ToString(), text }), note);
        return MimeBundle.FromHtml(html, $"[{string.Join(", ", shown)}{(note is null ? "" : ", ...")}]" +
            (note is null ? "" : $" ({note})"));
    }

    private static MimeBundle ByProperty(Type type, List<object?> elements, string? note)
    {
        var members = BuiltInFormatter.Members(type);
        string[] headings = ["Index", .. members.Select(m => m.Name)];
        var rows = elements.Select((element, i) => (string[])
        [
            i.ToString(),
            .. members.Select(m => element is null
                ? "null"
                : BuiltInFormatter.Guarded(() => BuiltInFormatter.OneLine(m.Read(element)))),
        ]).ToArray();
        var text = string.Join('\n', rows.Prepend(headings).Select(r => string.Join("\t", r)).Append(note).OfType<string>());
        return MimeBundle.FromHtml(HtmlTable.Of(headings, rows, note), text);
    }

    private static int? Count(IEnumerable sequence) =>
        sequence is ICollection collection ? collection.Count
        : sequence.GetType().GetInterfaces().FirstOrDefault(i =>
            i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)) is { } counted
            ? (int?)counted.GetProperty("Count")!.GetValue(sequence)
            : null;
}
