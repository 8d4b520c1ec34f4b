using System.Collections;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>What a cell runs for each of.</summary>
/// <param name="Name">The variable that has them.</param>
/// <param name="Type">Type of one.</param>
/// <param name="TypeName">The same as C#.</param>
/// <param name="Values">They.</param>
internal sealed record SentItems(string Name, ITypeSymbol Type, string TypeName, Array Values)
{
    private const int Most = 1_000_000;

    /// <exception cref="MagicException">There is no such variable, or it holds no list of things.</exception>
    public static SentItems Of(NotebookKernel kernel, SubmissionChain chain, string item, string items)
    {
        if (!SyntaxFacts.IsValidIdentifier(item))
        {
            throw new MagicException($"--map: '{item}' is no name for an item. Write --map NAME in VARIABLE.");
        }

        var symbol = Newest(chain, items) ?? throw new MagicException(
            $"--map: there is no variable {items}.{Suggestion.DidYouMean(items, kernel.Session.Variables().Select(v => v.Name))} " +
            "Put the items into a variable in a cell before.");
        var declared = (symbol as IFieldSymbol)?.Type ?? ((IPropertySymbol)symbol).Type;
        var (value, type, _) = chain.ValueOf(symbol);
        if (ElementOf(declared) is not { } element || ElementOf(type) is not { } elementType || declared.SpecialType == SpecialType.System_String)
        {
            throw new MagicException(
                $"--map: {items} is of type {declared.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, and not an array, list or sequence of one dimension.");
        }

        if ((TravelSymbols.Refusal(element) ?? Departure.Refusal(elementType)) is { } why)
        {
            throw new MagicException($"--map: the items of {items} cannot travel: {why}.");
        }

        var last = chain.Last!;
        return new SentItems(
            items, element, TypeText.Of(element, last.GetSemanticModel(last.SyntaxTrees[^1])), Gather(items, value as IEnumerable, elementType));
    }

    private static Array Gather(string name, IEnumerable? values, Type element)
    {
        var gathered = new ArrayList();
        foreach (var value in values ?? throw new MagicException($"--map: {name} is null."))
        {
            if (gathered.Add(value) >= Most)
            {
                throw new MagicException($"--map: {name} has more than {Most:N0} items. Let one item be a range of them.");
            }
        }

        return gathered.Count > 0 ? gathered.ToArray(element) : throw new MagicException($"--map: {name} has no items.");
    }

    private static ISymbol? Newest(SubmissionChain chain, string name)
    {
        for (var i = chain.States.Count - 1; i >= 0; i--)
        {
            if (chain.States[i].Compilation.ScriptClass?.GetMembers(name).FirstOrDefault(m => m is IFieldSymbol or IPropertySymbol) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        IArrayTypeSymbol => null,
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T } sequence => sequence.TypeArguments[0],
        _ => type.AllInterfaces.FirstOrDefault(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0],
    };

    private static Type? ElementOf(Type type) => type.IsArray
        ? type.GetArrayRank() == 1 ? type.GetElementType() : null
        : type.GetInterfaces().Prepend(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
}
