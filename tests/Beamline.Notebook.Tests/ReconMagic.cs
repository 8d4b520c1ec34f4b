namespace Beamline.Notebook.Tests;

/// <summary>A command as an extension writes it.</summary>
internal sealed class ReconMagic : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("recon", "Reconstruct.",
    [
        new("input", MagicValueKind.Variable, "Projections.") { IsPositional = true, IsRequired = true },
        new("note", MagicValueKind.Text, "A remark."),
        new("as", MagicValueKind.NewVariable, "Name.") { Default = "volume" },
    ]);

    internal bool NamesNoResult { get; init; }

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var input = Variable(arguments, "input", context);
        var name = arguments.Variable("as")!;
        var note = arguments.Text("note") is { } text ? $", {Literal(text)}" : "";
        return new MagicCode($"var {name} = Reconstruct({input.Name}{note});", NamesNoResult ? null : name);
    }
}
