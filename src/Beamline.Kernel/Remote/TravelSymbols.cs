using Beamline.Remote;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>Which declared types cannot travel, where no value is there yet to ask.</summary>
internal static class TravelSymbols
{
    private const string Anonymous = "its type has no name: use a tuple, (X: 1, Y: 2), or a record";

    /// <summary>Why values of a type cannot travel and what to do; null when nothing speaks against it.</summary>
    public static string? Refusal(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return Within(array.ElementType);
            case IPointerTypeSymbol or IFunctionPointerTypeSymbol:
                return "it is a pointer: send what it points to, as an array or a number";
            case { IsAnonymousType: true }:
                return Anonymous;
            case { IsRefLikeType: true }:
                return "it is a view of memory of a process: call ToArray() on it, and use the array";
            case { TypeKind: TypeKind.Delegate }:
                return LiveTypes.Refusal(typeof(Delegate));
            case INamedTypeSymbol named:
                for (var next = named; next is not null; next = next.BaseType)
                {
                    if (Loaded(next.OriginalDefinition) is { } loaded)
                    {
                        if (LiveTypes.Refusal(loaded) is { } why)
                        {
                            return why;
                        }

                        break;
                    }
                }

                return named.TypeArguments.Select(Within).FirstOrDefault(why => why is not null);
            default:
                return null;
        }
    }

    private static string? Within(ITypeSymbol part) =>
        Refusal(part) is { } why ? $"it holds {part.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, and {why}" : null;

    private static Type? Loaded(INamedTypeSymbol symbol)
    {
        if (symbol.ContainingAssembly is null || symbol.ContainingType is { IsScriptClass: true })
        {
            return null;
        }

        var name = symbol.MetadataName;
        for (var outer = symbol.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = outer.MetadataName + "+" + name;
        }

        var space = symbol.ContainingNamespace is { IsGlobalNamespace: false } n ? n.ToDisplayString() + "." : "";
        return Type.GetType($"{space}{name}, {symbol.ContainingAssembly.Name}", throwOnError: false) ??
            LibraryLoader.Find(symbol.ContainingAssembly.Name)?.GetType(space + name, throwOnError: false);
    }
}
