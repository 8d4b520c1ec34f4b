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
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var variable = Variable(arguments, "value", context);
        var value = variable.Value is TomographyScan ? variable.Name + ".Frames" : variable.Name;
        var isStack = variable.Value is TomographyScan or ProjectionStack;
        if (variable.Value is not (TomographyScan or ProjectionStack or Volume or Image or Sinogram))
        {
            throw new MagicException($"#!view cannot show {variable.Name}, a {variable.Type.Name}: it shows scans, stacks, sinograms, images and volumes.");
        }

        if (isStack && arguments.Integer("projection") is { } index)
        {
            value += $".Projection({index})";
        }
        else if (isStack && arguments.Integer("sinogram") is { } row)
        {
            value += $".Sinogram({row})";
        }

        var options = Parameters.Options("ViewOptions",
        [
            ("Window", arguments.Text("window") is { } window ? $"ValueWindow.Parse({Literal(Window(window))})" : null),
            ("Map", arguments.Has("map") ? $"ColorMap.Parse({Literal(arguments.Required("map"))})" : null),
            ("SliceZ", arguments.Integer("slice")?.ToString()),
        ]);
        return new MagicCode($"{value}.View({options})");
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
