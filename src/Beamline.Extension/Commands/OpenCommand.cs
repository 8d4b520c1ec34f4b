using System.Globalization;
using Beamline.Data;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!open tooth.h5 --as scan</c>.</summary>
internal sealed class OpenCommand : CodeMagic
{
    private static readonly string[] RawTypes =
    [
        nameof(ElementType.UInt8), nameof(ElementType.UInt16), nameof(ElementType.UInt32), nameof(ElementType.Float32), nameof(ElementType.Float64),
    ];

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
        new("angle-unit", MagicValueKind.Text, "What the angles are where the file does not say.") { Allowed = ["degrees", "radians"] },
        new("pixel-size-micrometers", MagicValueKind.Number, "Edge of a detector pixel at the sample, in micrometers."),
        new("raw", MagicValueKind.Text, "Layout of a file of bare numbers as ANGLES,ROWS,COLUMNS,TYPE or with ,OFFSET in bytes; for instance 180,48,192,uint16."),
    ])
    {
        OnlyInCode = ["AnglesDegrees"],
    };

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
            ("AngleUnit", arguments.Has("angle-unit") ? Parameters.Member<AngleUnit>(arguments.Text("angle-unit")) : null),
            ("Raw", Raw(arguments.Text("raw"))),
            ("PixelSize", arguments.Number("pixel-size-micrometers") is { } um ? $"Length.FromMicrometers({Parameters.Literal(um)})" : null),
        ]);
        return new MagicCode($"var {name} = TomographyScan.Open({source}{(options.Length > 0 ? ", " + options : "")});", name);
    }

    private static string? Quoted(string? text) => text is null ? null : Literal(text);

    private static string? Raw(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var offset = 0L;
        if (parts.Length is 4 or 5 &&
            parts[..3].All(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0) &&
            (parts.Length == 4 || long.TryParse(parts[4], NumberStyles.None, CultureInfo.InvariantCulture, out offset)) &&
            Array.Find(RawTypes, t => string.Equals(t, parts[3], StringComparison.OrdinalIgnoreCase)) is { } type)
        {
            return $"new RawLayout({parts[0]}, {parts[1]}, {parts[2]}, ElementType.{type}{(offset > 0 ? $", {offset}" : "")})";
        }

        throw new MagicException(
            $"#!open: --raw cannot be '{text}': give ANGLES,ROWS,COLUMNS,TYPE, for instance 180,48,192,uint16, and the bytes before the first number " +
            $"if there are any. Types: {string.Join(", ", RawTypes.Select(t => t.ToLowerInvariant()))}.");
    }

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
