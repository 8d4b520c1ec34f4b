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
        var name = arguments.Required("name");
        var code = $"var {name} = {Expression(arguments, (CellContext)context)};";
        if (arguments.WantsCode)
        {
            context.WriteLine(code);
            return;
        }

        await context.RunCodeAsync(code);
    }

    private static string Expression(MagicArguments arguments, CellContext context)
    {
        var value = arguments.Required("value");
        if (!value.StartsWith('@') || value.Length == 1)
        {
            return FromJson(value, arguments.Text("mime-type") == MimeTypes.Text);
        }

        var references = new MagicReferences(context.Cell);
        if (MagicReferences.Asked(value, arguments.Required("name")) is { } question)
        {
            if (arguments.WantsCode)
            {
                return question.IsPassword
                    ? $"await Kernel.GetPasswordAsync({Literal(question.Prompt)})"
                    : $"await Kernel.GetInputAsync({Literal(question.Prompt)})";
            }

            var typed = context.Cell.ReadLine(question.Prompt, question.IsPassword) ?? "";

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
