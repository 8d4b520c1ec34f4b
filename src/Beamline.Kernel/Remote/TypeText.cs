using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>Types as C# that means the same in any cell.</summary>
internal static class TypeText
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers |
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(char)] = "char", [typeof(decimal)] = "decimal",
        [typeof(double)] = "double", [typeof(float)] = "float", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(object)] = "object", [typeof(string)] = "string",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint", [typeof(void)] = "void",
    };

    /// <summary>The text of a type; types of cells by their own names.</summary>
    /// <param name="type">The type.</param>
    /// <param name="model">Tells whether the name of a namespace means something else there.</param>
    public static string Of(ITypeSymbol type, SemanticModel model)
    {
        var text = new StringBuilder();
        var parts = type.ToDisplayParts(Format);
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Symbol is INamedTypeSymbol { IsScriptClass: true })
            {
                // The class that holds the variables of a cell has no name in C#: 'Submission#3.' before a type of that cell.
                RemoveGlobal(text);
                i++;
            }
            else if (i + 2 < parts.Length && parts[i].ToString() == "global" && parts[i + 1].ToString() == "::" &&
                parts[i + 2].Symbol is INamespaceSymbol first && IsPlain(first.Name, model))
            {
                i++;
            }
            else if (i + 2 < parts.Length && parts[i].ToString() == "global" && parts[i + 2].Symbol is INamedTypeSymbol { IsScriptClass: true })
            {
                i += 3;
            }
            else
            {
                text.Append(parts[i].ToString());
            }
        }

        return text.ToString();
    }

    /// <summary>The text of a loaded type. Names of the parts of tuples and '?' after references are not known.</summary>
    public static string Of(Type type)
    {
        if (Words.TryGetValue(type, out var word))
        {
            return word;
        }

        if (type.IsArray)
        {
            // The outermost comes first: int[][,] is an array of int[,].
            var ranks = new StringBuilder();
            while (type.IsArray)
            {
                ranks.Append('[').Append(',', type.GetArrayRank() - 1).Append(']');
                type = type.GetElementType()!;
            }

            return Of(type) + ranks;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Of(inner) + "?";
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        var arguments = type.GetGenericArguments();
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true && arguments.Length is > 1 and < 8)
        {
            return $"({string.Join(", ", arguments.Select(Of))})";
        }

        return Named(type, arguments);
    }

    private static string Named(Type type, Type[] arguments)
    {
        var outer = type.DeclaringType is { } around && !IsOfSubmission(around) ? Named(around, arguments) + "." : "";
        var space = type.DeclaringType is null && !string.IsNullOrEmpty(type.Namespace) ? $"global::{type.Namespace}." : "";
        var before = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var own = arguments.Skip(before).Take(type.GetGenericArguments().Length - before).ToArray();
        var name = type.Name.Split('`')[0];
        return space + outer + name + (own.Length > 0 ? $"<{string.Join(", ", own.Select(Of))}>" : "");
    }

    private static bool IsOfSubmission(Type type) => type.Name.StartsWith("Submission#", StringComparison.Ordinal);

    private static void RemoveGlobal(StringBuilder text)
    {
        const string Global = "global::";
        if (text.Length >= Global.Length && text.ToString(text.Length - Global.Length, Global.Length) == Global)
        {
            text.Length -= Global.Length;
        }
    }

    // A type or a namespace of a cell can have the name of a namespace.
    private static bool IsPlain(string space, SemanticModel model) =>
        model.LookupNamespacesAndTypes(model.SyntaxTree.Length, name: space) is [INamespaceSymbol];
}
