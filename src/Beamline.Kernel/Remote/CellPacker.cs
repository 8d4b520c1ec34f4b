using System.Collections;
using Beamline.Notebook;
using Beamline.Remote;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>Puts together what a cell needs of its session.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="chain">The session.</param>
/// <param name="reach">What the cell uses.</param>
/// <param name="model">Tells what names mean in the cell.</param>
/// <param name="label">What errors call the cell.</param>
internal sealed class CellPacker(NotebookKernel kernel, SubmissionChain chain, Reach reach, SemanticModel model, string label)
{
    private const int MostLookedAt = 10_000;

    private readonly List<(DeclaredInput Declared, CapturedInput? Input)> _inputs = [];

    /// <summary>What the cell runs for each of; null for a cell that runs once.</summary>
    public SentItems? Items { get; init; }

    /// <summary>Variables that are no variables of the session.</summary>
    public IReadOnlyList<CapturedInput> Locals { get; init; } = [];

    /// <exception cref="MagicException">Something cannot travel.</exception>
    public PackedCell Pack()
    {
        RefuseQuestions();
        AddTypesOfValues();
        var libraries = new SentLibraries(kernel, reach.Assemblies);
        libraries.Check();
        Declare();
        foreach (var local in Locals)
        {
            _inputs.Add((new DeclaredInput(local.Name, local.TypeName, int.MaxValue, HasValue: true, IsEarly: false), local));
        }

        var declared = _inputs.Select(i => i.Declared).ToList();
        var usings = SentUsings.Of(chain, kernel.Session, libraries.IsThere);
        var parts = PreludeWriter.Write(chain, reach.Pieces, reach.Members, usings, [.. libraries.CellTexts()], declared);
        var inputs = _inputs.Select(i => i.Input).OfType<CapturedInput>().ToList();
        string? itemsName = null;
        if (Items is { } items)
        {
            // The cell may look at the whole list as well, by its own type.
            itemsName = inputs.Exists(i => i.Name == items.Name) ? items.Name + ".0" : items.Name;
            inputs.Add(new CapturedInput(itemsName, items.TypeName + "[]", items.Values.GetType(), items.Values));
        }

        return new PackedCell(kernel.Session, label)
        {
            Prelude = parts, Declared = declared, Inputs = inputs, Usings = usings.Namespaces, Packages = libraries.Packages, ItemsName = itemsName,
        };
    }

    private void RefuseQuestions()
    {
        if (reach.Questions is [var (what, line), ..])
        {
            throw new MagicException(
                $"{(line > 0 ? $"Line {line}" : "A function that the cell calls")}: {what} asks the user, who is not there where the cell runs. " +
                "Ask in a cell of its own, and use the answer here.");
        }
    }

    // 'Shape s = new Circle(1)' needs Circle there, which no name in the cell says.
    private void AddTypesOfValues()
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        for (var next = Next(); next is not null; next = Next())
        {
            foreach (var type in TypesOf(chain.ValueOf(next.Symbol).Value).Distinct())
            {
                if (chain.SymbolOf(type) is { } symbol)
                {
                    reach.AddType(symbol);
                }
            }
        }

        ReachedVariable? Next() => reach.Variables.FirstOrDefault(v => v.IsRead && seen.Add(v.Symbol));
    }

    private static IEnumerable<Type> TypesOf(object? value)
    {
        if (value is null)
        {
            yield break;
        }

        var type = value.GetType();
        yield return type;
        foreach (var argument in type.GetGenericArguments())
        {
            yield return argument;
        }

        if (value is ICollection { Count: <= MostLookedAt } items && !(type.GetElementType()?.IsPrimitive ?? false))
        {
            foreach (var item in items)
            {
                if (item is not (null or string))
                {
                    yield return item.GetType();
                }
            }
        }
    }

    private void Declare()
    {
        var refused = new List<string>();
        var older = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var variable in reach.Variables.OrderBy(v => chain.PlaceOf(v.Symbol)).ThenBy(v => v.Symbol.Name, StringComparer.Ordinal))
        {
            var (value, type, _) = chain.ValueOf(variable.Symbol);
            var why = variable.IsRead
                ? TravelSymbols.Refusal(variable.Type) ?? Departure.Refusal(type) ?? (value is null ? null : Departure.Refusal(value.GetType()))
                : variable.Type.IsAnonymousType ? TravelSymbols.Refusal(variable.Type) : null;
            if (why is not null)
            {
                refused.Add($"{(variable.Line > 0 ? $"Line {variable.Line}: " : "")}{variable.Symbol.Name} ({Shown(variable.Type)}) cannot travel: {why}.");
                continue;
            }

            var name = variable.Symbol.Name;
            var isNewest = chain.IsNewest(variable.Symbol);
            if (!isNewest)
            {
                older[name] = older.GetValueOrDefault(name) + 1;
                name += "." + older[name].ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            var text = TypeText.Of(variable.Type, model);
            _inputs.Add((
                new DeclaredInput(name, text, chain.PlaceOf(variable.Symbol), variable.IsRead, variable.ByPrelude || !isNewest),
                variable.IsRead ? new CapturedInput(name, text, type, value) : null));
        }

        if (refused.Count > 0)
        {
            throw new MagicException(string.Join('\n', refused));
        }
    }

    private static string Shown(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
