using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>What decides whether and where a symbol is offered.</summary>
internal static class SymbolFacts
{
    /// <summary>True for Equals, GetHashCode and the like, which every value has and hardly anyone looks for.</summary>
    public static bool IsOfEveryObject(ISymbol symbol) =>
        Root(symbol).ContainingType?.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType;

    /// <summary>True for what its author wants no list to show.</summary>
    public static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(a =>
        a.AttributeClass?.Name == "EditorBrowsableAttribute" && a.ConstructorArguments is [{ Value: 1 }]);

    public static bool IsObsolete(ISymbol symbol) =>
        symbol.GetAttributes().Any(a => a.AttributeClass?.Name == "ObsoleteAttribute");

    /// <summary>True for a variable, function or type that a cell declared.</summary>
    public static bool IsOfSession(ISymbol symbol) => symbol.ContainingType?.IsScriptClass == true;

    private static ISymbol Root(ISymbol symbol)
    {
        while (symbol is IMethodSymbol { OverriddenMethod: { } overridden })
        {
            symbol = overridden;
        }

        return symbol;
    }
}
