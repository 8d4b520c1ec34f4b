using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>
/// Lines of the methods that cells were compiled to. The runtime knows a frame's line but for one kind of error: optimized code has one place
/// for all indexes of a method that are out of range, which belongs to no line.
/// </summary>
internal static class CellLines
{
    private static readonly ConditionalWeakTable<Assembly, byte[]> Symbols = [];

    /// <summary>Keeps the symbols of a library of cells: a few kB.</summary>
    public static void Keep(Assembly assembly, MemoryStream? symbols)
    {
        if (symbols is not null)
        {
            Symbols.AddOrUpdate(assembly, symbols.ToArray());
        }
    }

    /// <summary>The cell of a method and the lines of its indexes.</summary>
    /// <param name="method">A method of a stack frame.</param>
    /// <param name="sourceOf">The text of a cell by its label.</param>
    /// <returns>Null for a method that is of no cell.</returns>
    public static (string Label, IReadOnlyList<int> Lines)? OfIndexes(MethodBase? method, Func<string, string?> sourceOf)
    {
        if (method is null || !Symbols.TryGetValue(method.Module.Assembly, out var symbols))
        {
            return null;
        }

        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        var reader = provider.GetMetadataReader();
        if (MetadataTokens.EntityHandle(method.MetadataToken) is not { Kind: HandleKind.MethodDefinition } handle)
        {
            return null;
        }

        var points = reader.GetMethodDebugInformation((MethodDefinitionHandle)handle).GetSequencePoints().Where(p => !p.IsHidden).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        var label = reader.GetString(reader.GetDocument(points[0].Document).Name);
        if (sourceOf(label) is not { } source)
        {
            return null;
        }

        var tree = SubmissionSettings.Parse(source, label);
        var text = tree.GetText();
        var indexes = tree.GetRoot().DescendantNodes().Where(n => n is ElementAccessExpressionSyntax or ElementBindingExpressionSyntax).ToList();
        return (label, [.. points.Select(p => Span(p, text)).SelectMany(span => indexes.Where(n => span.Contains(n.Span.End - 1)))
            .Select(n => text.Lines.GetLinePosition(n.Span.End - 1).Line + 1).Distinct().Order()]);
    }

    private static TextSpan Span(SequencePoint point, SourceText text) => TextSpan.FromBounds(Place(point.StartLine, point.StartColumn, text), Place(point.EndLine, point.EndColumn, text));

    private static int Place(int line, int column, SourceText text) =>
        line > text.Lines.Count ? text.Length : Math.Min(text.Lines[line - 1].Start + column - 1, text.Lines[line - 1].End);
}
