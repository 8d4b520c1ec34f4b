using Beamline.Arrays;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!save volume volume.h5</c>, <c>#!save projections clean.h5</c>.</summary>
internal sealed class SaveCommand : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("save", "Writes a volume, projections or an image to a file.",
    [
        Parameters.Input("value", "A volume, projections or an image."),
        new("path", MagicValueKind.Path, "The file; its extension chooses the format (.h5 .tif .npy .raw .zarr); or @name of a string variable.") { IsPositional = true, IsRequired = true, KeepsReference = true },
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var variable = Variable(arguments, "value", context);
        if (variable.Value is not (Volume or ProjectionStack or Image))
        {
            throw new MagicException($"#!save needs a Volume, a ProjectionStack or an Image, but {variable.Name} is a {variable.Type.Name}.");
        }

        var path = arguments.Required("path");
        var target = path.StartsWith('@') ? Parameters.Of<string>(Variable(arguments, "path", context), "save") : Literal(path);
        return new MagicCode($"{variable.Name}.Save({target});\n$\"saved {variable.Name} to {{{target}}}\"");
    }
}
