using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>Calls that ask the user for something, who is not there where a sent cell runs.</summary>
internal static class UserInput
{
    /// <summary>The call as a user knows it; null when a symbol asks for nothing.</summary>
    public static string? NameOf(ISymbol symbol)
    {
        if (symbol is not (IMethodSymbol or IPropertySymbol) || symbol.ContainingType is not { } type)
        {
            return null;
        }

        return (type.Name, type.ContainingNamespace?.ToDisplayString(), symbol.Name) switch
        {
            ("Console", "System", "ReadLine" or "Read" or "ReadKey" or "In" or "OpenStandardInput" or "KeyAvailable") => $"Console.{symbol.Name}",
            ("CellGlobals", "Beamline.Kernel", "Input" or "Password") => symbol.Name,
            ("Kernel", "Beamline.Kernel.Interactive", "GetInputAsync" or "GetPasswordAsync") => symbol.Name,
            _ => null,
        };
    }
}
