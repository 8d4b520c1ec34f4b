using System.Globalization;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!open tooth.h5 --as scan</c>.</summary>
internal sealed class OpenCommand : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("open", "Opens a scan; nothing is read until it is asked for.",
    [
        new("path", MagicValueKind.Path, "File, or folder or pattern of a TIFF stack; or @name of a string variable.") { IsPositional = true, IsRequired = true, KeepsReference = true },
        Parameters.Result("scan"),
        new("angles", MagicValueKind.Text, "Angles as START,STEP in degrees, for files without angles."),
        new("flats", MagicValueKind.Path, "Flat frames: file, folder or pattern (TIFF)."),
        new("darks", MagicValueKind.Path, "Dark frames: file, folder or pattern (TIFF)."),
        new("data-path", MagicValueKind.Text, "Dataset of the projections in an HDF5 file."),
        new("flat-path", MagicValueKind.Text, "Dataset of the flats in an HDF5 file."),
        new("dark-path", MagicValueKind.Text, "Dataset of the darks in an HDF5 file."),
        new("angle-path", MagicValueKind.Text, "Dataset of the angles in an HDF5 file."),
        new("image-key-path", MagicValueKind.Text, "Dataset that tells projections, flats and darks of one HDF5 stack apart."),
        new("angle-unit", MagicValueKind.Text, "What the angles are, degrees or radians, where the file does not say."),
        new("pixel-size-micrometers", MagicValueKind.Number, "Edge of a detector pixel at the sample, in micrometers."),
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var name = arguments.Required("as");
        var path = arguments.Required("path");
        var source = path.StartsWith('@') ? Parameters.Of<string>(Variable(arguments, "path", context), "open") : Literal(path);
        var options = Parameters.Options("ScanOptions",
        [
            ("AngleRange", Angles(arguments.Text("angles"))),
            ("FlatFiles", Quoted(arguments.Text("flats"))),
            ("DarkFiles", Quoted(arguments.Text("darks"))),
            ("DataPath", Quoted(arguments.Text("data-path"))),
            ("FlatPath", Quoted(arguments.Text("flat-path"))),
            ("DarkPath", Quoted(arguments.Text("dark-path"))),
            ("AnglePath", Quoted(arguments.Text("angle-path"))),
            ("ImageKeyPath", Quoted(arguments.Text("image-key-path"))),
            ("AngleUnit", Unit(arguments.Text("angle-unit"))),
            ("PixelSize", arguments.Number("pixel-size-micrometers") is { } um ? $"Length.FromMicrometers({Parameters.Literal(um)})" : null),
        ]);
        return new MagicCode($"var {name} = TomographyScan.Open({source}{(options.Length > 0 ? ", " + options : "")});", name);
    }

    private static string? Quoted(string? text) => text is null ? null : Literal(text);

    private static string? Unit(string? text) => text?.ToLowerInvariant() switch
    {
        null => null,
        "degrees" => "AngleUnit.Degrees",
        "radians" => "AngleUnit.Radians",
        _ => throw new MagicException($"#!open: --angle-unit cannot be '{text}': give degrees or radians."),
    };

    private static string? Angles(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split(',');
        if (parts.Length == 2 &&
            double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var start) &&
            double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var step))
        {
            return $"new AngleRange({Parameters.Literal(start)}, {Parameters.Literal(step)})";
        }

        throw new MagicException($"#!open: --angles cannot be '{text}': give START,STEP in degrees, for instance 0,0.5.");
    }
}
