using System.Text.Json;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Puts values in the place of <c>@name</c>, <c>@csharp:name</c>, <c>@value:name</c>, <c>@input:prompt</c> and <c>@password:prompt</c>.</summary>
internal sealed class MagicReferences(CellRun cell)
{
    /// <summary>The text that stands for an expression.</summary>
    public string Resolve(MagicParameter parameter, string word)
    {
        if (parameter.Kind == MagicValueKind.Value)
        {
            return word;
        }

        if (Asked(word, parameter.Name) is { } question)
        {
            return cell.ReadLine(question.Prompt, question.IsPassword) ?? "";
        }

        var keeps = parameter.KeepsReference || parameter.Kind is MagicValueKind.Variable or MagicValueKind.NewVariable;
        return keeps ? word : TextOf(word);
    }

    /// <summary>What an expression asks the user; null when it is no question.</summary>
    public static (string Prompt, bool IsPassword)? Asked(string word, string parameter)
    {
        var isPassword = word.StartsWith("@password:", StringComparison.Ordinal) || word == "@password";
        if (!isPassword && !word.StartsWith("@input:", StringComparison.Ordinal) && word != "@input")
        {
            return null;
        }

        var rest = word.IndexOf(':', StringComparison.Ordinal) is var at and > 0 ? word[(at + 1)..] : "";
        if (rest.StartsWith('{'))
        {
            try
            {
                using var options = JsonDocument.Parse(rest);
                rest = options.RootElement.TryGetProperty("prompt", out var prompt) ? prompt.GetString() ?? "" : "";
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                throw new MagicException($"{word} is no valid question: after the colon a text or {{\"prompt\": \"...\"}} is expected.", exception);
            }
        }

        return (rest.Length > 0 ? rest : parameter, isPassword);
    }

    /// <summary>Kernel and name of <c>@name</c> or <c>@kernel:name</c>.</summary>
    public static (string Kernel, string Name) Parts(string word)
    {
        var name = word.TrimStart('@');
        var at = name.IndexOf(':', StringComparison.Ordinal);
        var kernel = at < 0 ? CellLanguages.CSharp : name[..at];
        return CellLanguages.MissingName(kernel) is { } language
            ? throw new MagicException($"{word}: {CellLanguages.Advice(language)}")
            : CellLanguages.Canonical(kernel) is var known and (CellLanguages.CSharp or "value")
                ? (known, name[(at + 1)..])
                : throw new MagicException($"{word}: values come from csharp or value, not from {kernel}.");
    }

    /// <summary>A text that was stored by #!value.</summary>
    public string Stored(string name) => cell.Kernel.StoredTexts.TryGetValue(name, out var text)
        ? text
        : throw new MagicException(
            $"#!value has stored nothing under {name}.{Suggestion.DidYouMean(name, cell.Kernel.StoredTexts.Keys)} " +
            (cell.Kernel.StoredTexts.IsEmpty ? "#!value --name NAME stores the text below it." : $"Stored: {string.Join(", ", cell.Kernel.StoredTexts.Keys.Order())}."));

    /// <summary>A variable of the session.</summary>
    public NotebookVariable Variable(string name) => cell.Kernel.Session.FindVariable(name) ?? throw new MagicException(
        $"There is no variable {name}.{Suggestion.DidYouMean(name, cell.Kernel.Session.Variables().Select(v => v.Name))} " +
        $"Write \"@{name}\" in quotes to mean the text itself.");

    private string TextOf(string word)
    {
        var (kernel, name) = Parts(word);
        if (kernel == "value")
        {
            return Stored(name);
        }

        var variable = Variable(name);
        switch (variable.Value)
        {
            case null:
                throw new MagicException($"{word} is null.");
            case string text:
                return text;
            case DateTime or DateTimeOffset:
                return ((IFormattable)variable.Value).ToString("O", null);
            case IConvertible or Guid or TimeSpan or DateOnly or TimeOnly:
                return BuiltInFormatter.OneLine(variable.Value, int.MaxValue);
        }

        try
        {
            return JsonSerializer.Serialize(variable.Value, variable.Value.GetType());
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            throw new MagicException(
                $"{word} is a {TypeNames.Of(variable.Value.GetType())}, which cannot be written as text: {exception.Message}", exception);
        }
    }
}
