using Beamline.Arrays;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!profile volume --slice 12 --row 96</c>.</summary>
internal sealed class ProfileCommand : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("profile", "Plots the values along a row of an image or slice.",
    [
        Parameters.Input("value", "An image or a volume."),
        new("row", MagicValueKind.Integer, "Row (y); the middle when not given."),
        new("slice", MagicValueKind.Integer, "Slice (z) of a volume; the middle when not given."),
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var variable = Variable(arguments, "value", context);
        if (variable.Value is Image)
        {
            Parameters.Without(arguments, variable, "profile", "slice");
        }

        return variable.Value switch
        {
            Volume volume => new MagicCode(
                $"Plot.Profile({variable.Name}, " +
                $"{Parameters.Index(arguments, "slice", volume.SliceCount, "profile") ?? volume.SliceCount / 2}, " +
                $"{Parameters.Index(arguments, "row", volume.RowCount, "profile") ?? volume.RowCount / 2})"),
            Image image => new MagicCode(
                $"Plot.Profile({variable.Name}, {Parameters.Index(arguments, "row", image.RowCount, "profile") ?? image.RowCount / 2})"),
            _ => throw new MagicException($"#!profile needs an Image or a Volume, but {variable.Name} is a {variable.Type.Name}."),
        };
    }
}
