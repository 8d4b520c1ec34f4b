using Beamline.Arrays;
using Beamline.Data;
using Beamline.Display;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!view volume --window 1%,99% --map gray</c>.</summary>
internal sealed class ViewCommand : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("view", "Shows an image, sinogram, stack or volume.",
    [
        Parameters.Input("value", "What to show: a scan, stack, sinogram, image or volume."),
        new("window", MagicValueKind.Text, "Values from black to white: 1%,99% or 0,2.5."),
        new("map", MagicValueKind.Text, "Color map.") { Allowed = [.. ColorMap.All.Select(m => m.Name)], Default = "gray" },
        new("projection", MagicValueKind.Integer, "Show this projection of a stack alone."),
        new("sinogram", MagicValueKind.Integer, "Show the sinogram of this detector row of a stack alone."),
        new("slice", MagicValueKind.Integer, "Slice (z) of a volume."),
        new("compare", MagicValueKind.Variable, "Another image or volume of the same shape, to hold against it.") { KeepsReference = true },
        new("static", MagicValueKind.Flag, "The picture alone, without the viewer."),
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var variable = Variable(arguments, "value", context);
        var (value, slice) = (variable.Name, (int?)null);
        switch (variable.Value)
        {
            case TomographyScan scan:
                value = Stack(arguments, variable, variable.Name + ".Frames", scan.Frames);
                break;
            case ProjectionStack stack:
                value = Stack(arguments, variable, variable.Name, stack);
                break;
            case Volume volume:
                Parameters.Without(arguments, variable, "view", "projection", "sinogram");
                slice = Parameters.Index(arguments, "slice", volume.SliceCount, "view");
                break;
            case Image or Sinogram or ComplexImage:
                Parameters.Without(arguments, variable, "view", "projection", "sinogram", "slice");
                break;
            default:
                throw new MagicException(
                    $"#!view cannot show {variable.Name}, a {variable.Type.Name}: it shows scans, stacks, sinograms, images and volumes.");
        }

        var options = Parameters.Options("ViewOptions",
        [
            ("Window", arguments.Text("window") is { } window ? $"ValueWindow.Parse({Literal(Window(window))})" : null),
            ("Map", arguments.Has("map") ? $"ColorMap.Parse({Literal(arguments.Required("map"))})" : null),
            ("SliceZ", slice?.ToString()),
            ("Interactive", arguments.Flag("static") ? "false" : null),
        ]);
        return new MagicCode(arguments.Has("compare")
            ? $"{value}.Compare({string.Join(", ", new[] { Other(arguments, variable, context), options }.Where(a => a.Length > 0))})"
            : $"{value}.View({options})");
    }

    private static string Stack(MagicArguments arguments, NotebookVariable variable, string value, ProjectionStack stack)
    {
        Parameters.Without(arguments, variable, "view", "slice");
        var projection = Parameters.Index(arguments, "projection", stack.AngleCount, "view");
        var row = Parameters.Index(arguments, "sinogram", stack.RowCount, "view");
        return (projection, row) switch
        {
            (null, null) => value,
            ({ } index, null) => $"{value}.Projection({index})",
            (null, { } index) => $"{value}.Sinogram({index})",
            _ => throw new MagicException("#!view shows either a --projection or a --sinogram, not both."),
        };
    }

    private static string Other(MagicArguments arguments, NotebookVariable variable, INotebookContext context)
    {
        var other = Variable(arguments, "compare", context);
        return (variable.Value, other.Value) switch
        {
            (Image a, Image b) when (a.RowCount, a.ColumnCount) == (b.RowCount, b.ColumnCount) => other.Name,
            (Volume a, Volume b) when (a.SliceCount, a.RowCount, a.ColumnCount) == (b.SliceCount, b.RowCount, b.ColumnCount) => other.Name,
            _ => throw new MagicException(
                $"#!view --compare needs two images or two volumes of one shape: {variable.Name} is {variable.Value}, {other.Name} is {other.Value}."),
        };
    }

    private static string Window(string text)
    {
        try
        {
            _ = ValueWindow.Parse(text);
            return text;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new MagicException($"#!view: --window: {e.Message}", e);
        }
    }
}
