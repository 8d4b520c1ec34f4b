using Beamline.Remote;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>What comes back from a cell that was sent.</summary>
/// <param name="ComingBack">Variables, those that the cell declares first.</param>
/// <param name="NotComingBack">Others, with the reasons.</param>
/// <param name="Declarations">Types and functions that the cell declares.</param>
internal sealed record CellOutputs(IReadOnlyList<CapturedOutput> ComingBack, IReadOnlyList<string> NotComingBack, string Declarations)
{
    public static CellOutputs Of(CellInspection cell, Reach reach, SubmissionChain chain)
    {
        var coming = new List<CapturedOutput>();
        var reasons = new List<string>();
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in cell.OwnVariables)
        {
            if (TravelSymbols.Refusal(variable.Type) is { } why)
            {
                missing.Add(variable.Name);
                reasons.Add($"{variable.Name}: {why}");
            }
            else
            {
                coming.Add(new CapturedOutput(variable.Name, TypeText.Of(variable.Type, cell.Model), IsNew: true));
            }
        }

        foreach (var variable in reach.Variables.Where(v => v.IsWritten))
        {
            if (Reason(variable, coming, chain) is { } why)
            {
                reasons.Add($"{variable.Symbol.Name}: {why}");
            }
            else
            {
                coming.Add(new CapturedOutput(variable.Symbol.Name, TypeText.Of(variable.Type, cell.Model), IsNew: false));
            }
        }

        var declarations = OwnDeclarations.Of(cell, missing, reasons);
        reasons.AddRange(StaticFields(reach, chain));
        reasons.AddRange(Shared(reach, chain, coming));
        return new CellOutputs(coming, reasons, declarations);
    }

    private static string? Reason(ReachedVariable variable, List<CapturedOutput> own, SubmissionChain chain)
    {
        if (!chain.IsNewest(variable.Symbol) || own.Exists(o => o.IsNew && o.Name == variable.Symbol.Name))
        {
            return "a function changes an older variable of this name, which a newer one hides";
        }

        return chain.ValueOf(variable.Symbol).IsReadOnly ? "it is readonly" : TravelSymbols.Refusal(variable.Type);
    }

    /// <summary>Other variables of an object that the cell changes: they go on with the old one.</summary>
    private static IEnumerable<string> Shared(Reach reach, SubmissionChain chain, List<CapturedOutput> coming)
    {
        foreach (var variable in reach.Variables.Where(v => v is { IsWritten: true, IsAssigned: false } && coming.Exists(o => o.Name == v.Symbol.Name)))
        {
            if (chain.ValueOf(variable.Symbol).Value is not { } value || value is string or ValueType)
            {
                continue;
            }

            foreach (var other in chain.NamesOf(value).Where(n => n != variable.Symbol.Name && !coming.Exists(o => o.Name == n)))
            {
                yield return $"{other}: it is the object that {variable.Symbol.Name} is, too, which the cell changes; it stays the old one";
            }
        }
    }

    /// <summary>Fields that belong to a type and not to a value: nothing that travels holds them.</summary>
    private static IEnumerable<string> StaticFields(Reach reach, SubmissionChain chain) => reach.Pieces
        .Where(p => p.Bound is TypeDeclarationSyntax)
        .SelectMany(p => reach.ModelOf(p.Bound.SyntaxTree) is { } model && model.GetDeclaredSymbol(p.Bound) is INamedTypeSymbol type
            ? type.GetMembers().OfType<IFieldSymbol>()
                .Where(f => f is { IsStatic: true, IsConst: false, IsReadOnly: false } && chain.PlaceOf(type) >= 0)
                .Select(f => $"{type.Name}.{(f.AssociatedSymbol ?? f).Name}: static members begin anew there, and what the cell sets in them stays there")
            : [])
        .Distinct();
}
