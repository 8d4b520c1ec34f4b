using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>Insertions into a text, made together at the end so that places stay those of the original.</summary>
internal sealed class TextEdits
{
    private readonly List<(TextSpan Span, string Text)> _edits = [];

    public bool IsEmpty => _edits.Count == 0;

    public void Insert(int place, string text) => _edits.Add((new TextSpan(place, 0), text));

    /// <summary>Replaces a part of one line, or of several: their line ends are kept behind the new text.</summary>
    public void Replace(TextSpan span, string text, SourceText source)
    {
        var old = source.ToString(span);
        _edits.Add((span, text + new string('\n', old.Count(c => c == '\n'))));
    }

    /// <summary>The text with all edits; those of one place in the order in which they were made.</summary>
    public string Apply(SourceText source)
    {
        var result = new StringBuilder(source.Length + (_edits.Count * 64));
        var place = 0;
        var original = source.ToString();
        foreach (var (span, text) in _edits.OrderBy(e => e.Span.Start))
        {
            result.Append(original, place, span.Start - place).Append(text);
            place = span.End;
        }

        return result.Append(original, place, original.Length - place).ToString();
    }
}
