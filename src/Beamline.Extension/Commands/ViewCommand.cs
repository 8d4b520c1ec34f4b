using System.Globalization;
using Beamline.Arrays;
using Beamline.Data;
using Beamline.Display;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!view volume --window 1%,99% --map gray</c>.</summary>
internal sealed class ViewCommand : CodeMagic
{
    private static readonly string[] OtherPlaces = ["row", "column"];
    private static readonly string[] OfPictures = ["window", "map", "compare", "static", "title", "mode"];

    public override MagicDescriptor Descriptor { get; } = new("view", "Shows an image, sinogram, stack or volume.",
    [
        Parameters.Input("value", "What to show: a scan, stack, sinogram, image or volume."),
        new("window", MagicValueKind.Text, "Values from black to white: 1%,99% or 0,2.5."),
        new("map", MagicValueKind.Text, "Color map.") { Allowed = [.. ColorMap.All.Select(m => m.Name)], Default = "gray" },
        new("projection", MagicValueKind.Integer, "Show this projection of a stack alone."),
        new("sinogram", MagicValueKind.Integer, "Show the sinogram of this detector row of a stack alone."),
        new("plane", MagicValueKind.Text, "Show one plane of a volume alone: xy, xz or yz.") { Allowed = ["xy", "xz", "yz"] },
        new("slice", MagicValueKind.Integer, "Slice (z) of a volume; with --plane the index of that plane."),
        new("row", MagicValueKind.Integer, "Row (y) where the planes of a volume begin."),
        new("column", MagicValueKind.Integer, "Column (x) where the planes of a volume begin."),
        new("mode", MagicValueKind.Text, "What the viewer of a volume begins with: slices, or 3D alone as maximum (mip), surface (iso) or fog (dvr).") { Allowed = Parameters.Names<ViewMode>(), Default = "slices" },
        new("profile", MagicValueKind.Text, "Plot the values from one point of an image to another: y1,x1,y2,x2."),
        new("complex", MagicValueKind.Text, "What the picture shows of a complex image, and the viewer begins with.") { Allowed = Parameters.Names<ComplexPart>() },
        new("title", MagicValueKind.Text, "Written above the picture."),
        new("compare", MagicValueKind.Variable, "Another image or volume of the same shape, to hold against it.") { KeepsReference = true },
        new("static", MagicValueKind.Flag, "The picture alone, without the viewer."),
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var variable = Variable(arguments, "value", context);
        var value = variable.Name;
        int? slice = null, row = null, column = null;
        switch (variable.Value)
        {
            case TomographyScan scan:
                value = Stack(arguments, variable, variable.Name + ".Frames", scan.Frames);
                break;
            case ProjectionStack stack:
                value = Stack(arguments, variable, variable.Name, stack);
                break;
            case Volume volume:
                Parameters.Without(arguments, variable, "view", "projection", "sinogram", "complex");
                if (arguments.Has("plane"))
                {
                    value = Plane(arguments, variable.Name, volume);
                    break;
                }

                slice = Parameters.Index(arguments, "slice", volume.SliceCount, "view");
                Mode(arguments);
                (row, column) = (Parameters.Index(arguments, "row", volume.RowCount, "view"), Parameters.Index(arguments, "column", volume.ColumnCount, "view"));
                break;
            case ComplexImage:
                Parameters.Without(arguments, variable, "view", "projection", "sinogram", "slice", "plane", "row", "column", "profile", "mode");
                break;
            case Image or Sinogram:
                Parameters.Without(arguments, variable, "view", "projection", "sinogram", "slice", "plane", "row", "column", "complex", "mode");
                break;
            default:
                throw new MagicException(
                    $"#!view cannot show {variable.Name}, a {variable.Type.Name}: it shows scans, stacks, sinograms, images and volumes.");
        }

        if (arguments.Has("profile"))
        {
            return Profile(arguments, variable, value);
        }

        var options = Parameters.Options("ViewOptions",
        [
            ("Window", arguments.Text("window") is { } window ? $"ValueWindow.Parse({Literal(Window(window))})" : null),
            ("Map", arguments.Has("map") ? $"ColorMap.Parse({Literal(arguments.Required("map"))})" : null),
            ("SliceZ", slice?.ToString()),
            ("SliceY", row?.ToString()),
            ("SliceX", column?.ToString()),
            ("Mode", arguments.Has("mode") ? Parameters.Member<ViewMode>(arguments.Text("mode")) : null),
            ("Complex", Parameters.Member<ComplexPart>(arguments.Text("complex"))),
            ("Title", arguments.Text("title") is { } title ? Literal(title) : null),
            ("Interactive", arguments.Flag("static") ? "false" : null),
        ]);
        return new MagicCode(arguments.Has("compare")
            ? $"{value}.Compare({string.Join(", ", new[] { Other(arguments, variable, context), options }.Where(a => a.Length > 0))})"
            : $"{value}.View({options})");
    }

    private static void Mode(MagicArguments arguments)
    {
        if (arguments.Has("mode") && arguments.Flag("static"))
        {
            throw new MagicException("#!view: --mode means nothing for --static: the picture has slices and the maximum in any case.");
        }
    }

    private static string Plane(MagicArguments arguments, string name, Volume volume)
    {
        var (plane, made, count) = arguments.Required("plane") switch
        {
            "xz" => ("row", "SliceXZ", volume.RowCount),
            "yz" => ("column", "SliceYZ", volume.ColumnCount),
            _ => ("slice", "SliceXY", volume.SliceCount),
        };
        foreach (var other in OtherPlaces.Where(o => o != plane && arguments.Has(o)))
        {
            throw new MagicException($"#!view: --{other} means nothing for --plane {arguments.Text("plane")}.");
        }

        if (arguments.Has("mode"))
        {
            throw new MagicException("#!view: --mode means nothing for --plane, which is one picture.");
        }

        if (arguments.Has("compare"))
        {
            throw new MagicException("#!view: --compare shows planes of both volumes already: leave --plane out.");
        }

        var index = Parameters.Index(arguments, arguments.Has(plane) ? plane : "slice", count, "view") ?? count / 2;
        return $"{name}.{made}({index})";
    }

    private static MagicCode Profile(MagicArguments arguments, NotebookVariable variable, string value)
    {
        var text = arguments.Required("profile");
        if (variable.Value is not Image && !(variable.Value is Volume && arguments.Has("plane")) && !arguments.Has("projection"))
        {
            throw new MagicException($"#!view: --profile needs an image, but {variable.Name} is a {variable.Type.Name}: add --plane for a volume, --projection for a stack.");
        }

        foreach (var option in OfPictures.Where(arguments.Has))
        {
            throw new MagicException($"#!view: --{option} means nothing for --profile, which plots a line.");
        }

        var places = text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToArray();
        return places.Length == 4 && places.All(double.IsFinite)
            ? new MagicCode($"Plot.LineProfile({value}, {string.Join(", ", places.Select(p => Parameters.Literal(p)))})")
            : throw new MagicException($"#!view: --profile {text} is not four numbers: write row and column of both ends, as 10,20,10,200.");
    }

    private static string Stack(MagicArguments arguments, NotebookVariable variable, string value, ProjectionStack stack)
    {
        Parameters.Without(arguments, variable, "view", "slice", "plane", "row", "column", "complex", "mode");
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
