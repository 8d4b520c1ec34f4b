using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!value --name text</c>: stores the lines below it, a file or a value as text, for #!share and @value:NAME.</summary>
internal sealed class ValueCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("value", "Stores the text below it, or a file, under a name.",
    [
        new("name", MagicValueKind.NewVariable, "The name; #!share --from value NAME makes a variable of it.") { IsRequired = true },
        new("from-file", MagicValueKind.Path, "A text file to store."),
        new("from-value", MagicValueKind.Text, "A text to store; @name for the value of a variable."),
        new("mime-type", MagicValueKind.Text, "Also show the text as this MIME type."),
    ]);

    public async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        var body = ((CellContext)context).Body?.Trim('\n') ?? "";
        string?[] given = [arguments.Text("from-file"), arguments.Text("from-value"), body.Length > 0 ? body : null];
        if (given.Count(text => text is not null) != 1)
        {
            throw new MagicException(given.All(text => text is null)
                ? "#!value has nothing to store: write the text below it, or give --from-file or --from-value."
                : "#!value takes one of: the text below it, --from-file, --from-value.");
        }

        var text = arguments.Text("from-file") is { } file ? await ReadAsync(file, context) : given.First(t => t is not null)!;
        cell.Kernel.StoredTexts[arguments.Required("name")] = text;
        if (arguments.Text("mime-type") is { } type)
        {
            context.Display(MimeBundle.Empty.With(type, text));
        }
    }

    private static async Task<string> ReadAsync(string file, INotebookContext context)
    {
        try
        {
            return await File.ReadAllTextAsync(Path.Combine(context.WorkingFolder, file), context.CancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MagicException($"#!value: {file} cannot be read: {exception.Message}{NearFile.Suggest(file, context.WorkingFolder)}", exception);
        }
    }
}
