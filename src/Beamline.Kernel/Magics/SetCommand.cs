using System.Globalization;
using System.Text.Json;
using Beamline.Notebook;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary><c>#!set --name count --value 3</c>: makes a variable from JSON, text, another variable, or what the user types.</summary>
internal sealed class SetCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("set", "Makes a variable.",
    [
        new("name", MagicValueKind.NewVariable, "Name of the variable.") { IsRequired = true },
        new("value", MagicValueKind.Value, "JSON, text, @variable, @value:name, @input:prompt or @password:prompt.") { IsRequired = true },
        new("byref", MagicValueKind.Flag, "Known from .NET Interactive; variables are always taken as they are."),
        new("mime-type", MagicValueKind.Text, "text/plain takes the value as text even if it looks like JSON.") { Allowed = ["application/json", "text/plain"] },
    ]);

    public async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        if (arguments.WantsCode)
        {
            context.WriteLine(Code(arguments, name => cell.Kernel.Session.FindVariable(name) is not null));
            return;
        }

        await context.RunCodeAsync($"var {arguments.Required("name")} = {Expression(arguments, cell)};");
    }

    /// <summary>The C# that a line stands for; nobody is asked for it.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="exists">Whether there is a variable of a name.</param>
    /// <exception cref="MagicException">There is no such C#.</exception>
    public static string Code(MagicArguments arguments, Func<string, bool> exists)
    {
        var (name, value) = (arguments.Required("name"), arguments.Required("value"));
        string expression;
        if (!value.StartsWith('@') || value.Length == 1)
        {
            expression = FromJson(value, arguments.Text("mime-type") == MimeTypes.Text);
        }
        else if (MagicReferences.Asked(value, name) is { } question)
        {
            expression = $"await Kernel.Get{(question.IsPassword ? "Password" : "Input")}Async({Literal(question.Prompt)})";
        }
        else
        {
            var (kernel, source) = MagicReferences.Parts(value);
            expression = kernel == CellLanguages.CSharp && exists(source) ? source
                : throw new MagicException($"#!set: {value} is no C# variable of this notebook.");
        }

        return $"var {name} = {expression};";
    }

    private static string Expression(MagicArguments arguments, CellRun cell)
    {
        var value = arguments.Required("value");
        if (!value.StartsWith('@') || value.Length == 1)
        {
            return FromJson(value, arguments.Text("mime-type") == MimeTypes.Text);
        }

        var references = new MagicReferences(cell);
        if (MagicReferences.Asked(value, arguments.Required("name")) is { } question)
        {
            var typed = cell.ReadLine(question.Prompt, question.IsPassword) ?? "";

            // A password never becomes part of a program's text, which errors quote and history keeps.
            return question.IsPassword ? CellValues.Expression(new Interactive.PasswordString(typed), "Beamline.Kernel.Interactive.PasswordString") : Literal(typed);
        }

        var (kernel, name) = MagicReferences.Parts(value);
        return kernel == "value" ? Literal(references.Stored(name)) : references.Variable(name).Name;
    }

    private static string FromJson(string value, bool isText)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            var root = document.RootElement;
            return isText && root.ValueKind != JsonValueKind.String ? Literal(value) : root.ValueKind switch
            {
                JsonValueKind.String => Literal(root.GetString()!),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                JsonValueKind.Null => "(object?)null",
                JsonValueKind.Number when root.TryGetInt32(out var number) => number.ToString(CultureInfo.InvariantCulture),
                JsonValueKind.Number when root.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture) + "L",
                JsonValueKind.Number => root.GetDouble().ToString("R", CultureInfo.InvariantCulture) + "d",
                _ => $"System.Text.Json.JsonDocument.Parse({Literal(value)})",
            };
        }
        catch (JsonException)
        {
            return Literal(value);
        }
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
