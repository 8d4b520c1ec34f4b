using Beamline.Arrays;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Commands;

/// <summary><c>#!center projections --method vo --as axis</c>, or with <c>--sweep</c> a strip of slices to choose from.</summary>
internal sealed class CenterCommand : CodeMagic
{
    private static readonly string[] OfSweep = ["count", "score", "image-size"];

    public override MagicDescriptor Descriptor { get; } = new("center", "Finds the rotation axis.",
    [
        Parameters.Input("projections", "The projections."),
        new("method", MagicValueKind.Text, "How it is searched.") { Allowed = Parameters.Names<AxisMethod>(), Default = "vo" },
        new("from-column", MagicValueKind.Number, "First column of the searched range, in pixels."),
        new("to-column", MagicValueKind.Number, "Last column of the searched range, in pixels."),
        new("sweep", MagicValueKind.Flag, "Show slices made with several axes, to choose from."),
        new("count", MagicValueKind.Integer, "Number of slices of --sweep, 2 to 64; 9 when not given."),
        new("row", MagicValueKind.Integer, "Detector row to look at."),
        new("score", MagicValueKind.Text, "What marks the best slice of --sweep.") { Allowed = Parameters.Names<AxisScore>(), Default = "entropy" },
        new("image-size", MagicValueKind.Integer, "Edge of the slices of --sweep in pixels; 512 when not given."),
        Parameters.Result("axis"),
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var name = arguments.Required("as");
        var variable = Variable(arguments, "projections", context);
        var projections = Parameters.Of<ProjectionStack>(variable, "center");
        var row = variable.Value is ProjectionStack stack
            ? Parameters.Index(arguments, "row", stack.RowCount, "center")
            : arguments.Integer("row");
        if (arguments.Flag("sweep"))
        {
            return Sweep(arguments, name, projections, row);
        }

        foreach (var option in OfSweep.Where(arguments.Has))
        {
            throw new MagicException($"#!center: --{option} belongs to --sweep.");
        }

        var options = Parameters.Options("FindAxisOptions",
        [
            ("Method", arguments.Has("method") ? Parameters.Member<AxisMethod>(arguments.Text("method")) : null),
            ("Rows", row is { } one ? $"[{one}]" : null),
            ("FromColumn", Parameters.Literal(arguments.Number("from-column"))),
            ("ToColumn", Parameters.Literal(arguments.Number("to-column"))),
        ]);
        return new MagicCode($"var {name} = RotationAxis.Find({projections}{(options.Length > 0 ? ", " + options : "")});", name);
    }

    private static MagicCode Sweep(MagicArguments arguments, string name, string projections, int? row)
    {
        if (arguments.Has("method"))
        {
            throw new MagicException("#!center: --method means nothing for --sweep, which reconstructs; --score says what marks the best slice.");
        }

        if (arguments.Integer("count") is { } count and (< 2 or > 64))
        {
            throw new MagicException($"#!center: --count is {count}, but a sweep shows 2 to 64 slices.");
        }

        if (arguments.Integer("image-size") is { } size and (< 16 or > 2048))
        {
            throw new MagicException($"#!center: --image-size is {size}, but the slices of a sweep are 16 to 2048 pixels wide.");
        }

        var options = Parameters.Options("AxisSweepOptions",
        [
            ("FromColumn", Parameters.Literal(arguments.Number("from-column"))),
            ("ToColumn", Parameters.Literal(arguments.Number("to-column"))),
            ("Count", arguments.Integer("count")?.ToString()),
            ("Row", row?.ToString()),
            ("Score", arguments.Has("score") ? Parameters.Member<AxisScore>(arguments.Text("score")) : null),
            ("ImageSize", arguments.Integer("image-size")?.ToString()),
        ]);
        // The axis is a suggestion: --axis of the next command takes any column that the strip shows.
        return new MagicCode(
            $"var {name}Sweep = RotationAxis.Sweep({projections}{(options.Length > 0 ? ", " + options : "")});\n" +
            $"var {name} = {name}Sweep.Best;\n{name}Sweep");
    }
}
