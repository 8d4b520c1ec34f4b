using Beamline.Notebook;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary><c>#!share --from value text --as y</c>: makes a variable from a stored text or from another variable.</summary>
internal sealed class ShareCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("share", "Makes a variable from a value of another language or name.",
    [
        new("name", MagicValueKind.Variable, "Name of the value to take.") { IsPositional = true, IsRequired = true },
        new("from", MagicValueKind.Text, "Where it is: csharp or value.") { Default = CellLanguages.CSharp },
        new("as", MagicValueKind.NewVariable, "Name of the variable that is made; the same name when not given."),
        new("mime-type", MagicValueKind.Text, "Known from .NET Interactive; values are taken as they are here."),
    ]);

    public async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        var references = new MagicReferences(cell);
        var (kernel, name) = MagicReferences.Parts($"@{arguments.Required("from")}:{arguments.Variable("name")}");
        var target = arguments.Variable("as") ?? name;
        if (kernel == CellLanguages.CSharp)
        {
            _ = references.Variable(name);
            if (target == name)
            {
                context.WriteLine($"{name} is a C# variable of this notebook already; --as NAME gives it a second name.");
                return;
            }
        }

        var value = kernel == CellLanguages.CSharp ? name
            : arguments.WantsCode ? SymbolDisplay.FormatLiteral(references.Stored(name), quote: true)
            : CellValues.Expression(references.Stored(name), "string");
        var code = $"var {target} = {value};";
        if (arguments.WantsCode)
        {
            context.WriteLine(code);
            return;
        }

        await context.RunCodeAsync(code);
    }
}
