using Beamline.Arrays;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Commands;

/// <summary><c>#!center projections --method vo --as axis</c>.</summary>
internal sealed class CenterCommand : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("center", "Finds the rotation axis.",
    [
        Parameters.Input("projections", "The projections."),
        new("method", MagicValueKind.Text, "How it is searched.") { Allowed = Parameters.Names<AxisMethod>(), Default = "vo" },
        new("from-column", MagicValueKind.Number, "First column of the searched range, in pixels."),
        new("to-column", MagicValueKind.Number, "Last column of the searched range, in pixels."),
        Parameters.Result("axis"),
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var name = arguments.Required("as");
        var projections = Parameters.Of<ProjectionStack>(Variable(arguments, "projections", context), "center");
        var options = Parameters.Options("FindAxisOptions",
        [
            ("Method", arguments.Has("method") ? Parameters.Member<AxisMethod>(arguments.Text("method")) : null),
            ("FromColumn", Parameters.Literal(arguments.Number("from-column"))),
            ("ToColumn", Parameters.Literal(arguments.Number("to-column"))),
        ]);
        return new MagicCode($"var {name} = RotationAxis.Find({projections}{(options.Length > 0 ? ", " + options : "")});", name);
    }
}
