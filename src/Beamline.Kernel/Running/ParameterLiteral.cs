using System.Globalization;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Beamline.Kernel;

/// <summary>Writes given values as C# of the type that a parameter's default has.</summary>
/// <param name="callerFolder">The folder that relative paths of the user count from.</param>
internal sealed class ParameterLiteral(string callerFolder)
{
    /// <summary>The C# expression for a value.</summary>
    /// <exception cref="RunInputException">The value is not of the type.</exception>
    public string Of(string name, ITypeSymbol type, ParameterValue value) => Of(name, type, value.Node);

    private string Of(string name, ITypeSymbol type, YamlNode node)
    {
        if (Element(type) is { } element)
        {
            var items = node is YamlSequenceNode list ? list.Children
                : throw Wrong(name, type, node, "a list such as [1, 2, 3]");
            var inner = string.Join(", ", items.Select(item => Of(name, element, item)));
            return type is IArrayTypeSymbol
                ? $"new {Show(element)}[] {{ {inner} }}"
                : $"new global::System.Collections.Generic.List<{Show(element)}> {{ {inner} }}";
        }

        if (node is not YamlScalarNode scalar)
        {
            throw Wrong(name, type, node, "one value");
        }

        var text = scalar.Value ?? "";
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return text is "null" or "~" ? "null" : Of(name, ((INamedTypeSymbol)type).TypeArguments[0], node);
        }

        if (type.SpecialType == SpecialType.System_String)
        {
            return SymbolDisplay.FormatLiteral(ExistingPath(text), quote: true);
        }

        if (type.TypeKind == TypeKind.Enum)
        {
            var names = type.GetMembers().OfType<IFieldSymbol>().Where(f => f.IsConst).Select(f => f.Name).ToArray();
            var found = names.FirstOrDefault(n => n == text) ??
                names.FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) ??
                throw new RunInputException(
                    $"Parameter {name} cannot be '{text}'.{Suggestion.DidYouMean(text, names)} " +
                    $"Allowed: {string.Join(", ", names)}.");
            return $"{Show(type)}.{found}";
        }

        return Number(name, type, node, text) ?? Parsed(name, type, text);
    }

    private static string? Number(string name, ITypeSymbol type, YamlNode node, string text)
    {
        const NumberStyles Whole = NumberStyles.AllowLeadingSign;
        var culture = CultureInfo.InvariantCulture;
        return type.SpecialType switch
        {
            SpecialType.System_Boolean => text.ToLowerInvariant() is "true" or "false"
                ? text.ToLowerInvariant() : throw Wrong(name, type, node, "true or false"),
            SpecialType.System_Char => text.Length == 1
                ? SymbolDisplay.FormatLiteral(text[0], quote: true) : throw Wrong(name, type, node, "one character"),
            SpecialType.System_Double => double.TryParse(text, NumberStyles.Float, culture, out var d)
                ? Real("double", d, d.ToString("R", culture) + "d") : throw Wrong(name, type, node, "a number"),
            SpecialType.System_Single => float.TryParse(text, NumberStyles.Float, culture, out var f)
                ? Real("float", f, f.ToString("R", culture) + "f") : throw Wrong(name, type, node, "a number"),
            SpecialType.System_Decimal => decimal.TryParse(text, NumberStyles.Float, culture, out var m)
                ? m.ToString(culture) + "m" : throw Wrong(name, type, node, "a number"),
            SpecialType.System_SByte => Range(sbyte.TryParse(text, Whole, culture, out _), sbyte.MinValue, sbyte.MaxValue),
            SpecialType.System_Byte => Range(byte.TryParse(text, Whole, culture, out _), byte.MinValue, byte.MaxValue),
            SpecialType.System_Int16 => Range(short.TryParse(text, Whole, culture, out _), short.MinValue, short.MaxValue),
            SpecialType.System_UInt16 => Range(ushort.TryParse(text, Whole, culture, out _), ushort.MinValue, ushort.MaxValue),
            SpecialType.System_Int32 => Range(int.TryParse(text, Whole, culture, out _), int.MinValue, int.MaxValue),
            SpecialType.System_UInt32 => Range(uint.TryParse(text, Whole, culture, out _), uint.MinValue, uint.MaxValue),
            SpecialType.System_Int64 => Range(long.TryParse(text, Whole, culture, out _), long.MinValue, long.MaxValue),
            SpecialType.System_UInt64 => Range(ulong.TryParse(text, Whole, culture, out _), ulong.MinValue, ulong.MaxValue),
            _ => null,
        };

        string Range(bool good, object least, object most) => good
            ? text.TrimStart('+')
            : throw Wrong(name, type, node, $"a whole number from {least} to {most}");

        static string Real(string keyword, double value, string literal) =>
            double.IsNaN(value) ? $"{keyword}.NaN"
            : double.IsPositiveInfinity(value) ? $"{keyword}.PositiveInfinity"
            : double.IsNegativeInfinity(value) ? $"{keyword}.NegativeInfinity"
            : literal;
    }

    // TimeSpan, Device, Length ...: whatever reads itself from text.
    private static string Parsed(string name, ITypeSymbol type, string text)
    {
        var parses = type.GetMembers("Parse").OfType<IMethodSymbol>().Any(m =>
            m is { IsStatic: true, DeclaredAccessibility: Accessibility.Public } &&
            m.Parameters.Length > 0 && m.Parameters[0].Type.SpecialType == SpecialType.System_String &&
            m.Parameters.Skip(1).All(p => p.IsOptional));
        return parses
            ? $"{Show(type)}.Parse({SymbolDisplay.FormatLiteral(text, quote: true)})"
            : throw new RunInputException(
                $"Parameter {name} is of type {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, which " +
                "cannot be given as text. Parameters may be numbers, bool, string, enum members, lists of these, and " +
                "types with a static Parse(string).");
    }

    private static ITypeSymbol? Element(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var element], ContainingNamespace: var space } named
            when space.ToDisplayString() == "System.Collections.Generic" &&
                named.Name is "List" or "IList" or "IReadOnlyList" or "IEnumerable" or "ICollection" or "IReadOnlyCollection"
            => element,
        _ => null,
    };

    // A path typed on the command line counts from where the user stands, but cells run in the notebook's folder.
    private string ExistingPath(string text)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAny(Path.GetInvalidPathChars()) || Path.IsPathRooted(text))
        {
            return text;
        }

        var full = Path.GetFullPath(Path.Combine(callerFolder, text));
        var isFolder = text.AsSpan().ContainsAny('/', '\\') && Directory.Exists(full);
        return File.Exists(full) || isFolder ? full : text;
    }

    private static string Show(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static RunInputException Wrong(string name, ITypeSymbol type, YamlNode node, string expected) => new(
        $"Parameter {name} ({type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}) cannot be " +
        $"'{(node as YamlScalarNode)?.Value ?? node.ToString()}': {expected} is expected.");
}
