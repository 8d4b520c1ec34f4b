using Beamline.Arrays;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!histogram volume --bins 200</c>.</summary>
internal sealed class HistogramCommand : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("histogram", "Plots how often each value occurs.",
    [
        Parameters.Input("value", "An image, stack or volume."),
        new("bins", MagicValueKind.Integer, "Number of bins.") { Default = "256" },
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var variable = Variable(arguments, "value", context);
        if (variable.Value is not (Volume or Image or ProjectionStack))
        {
            throw new MagicException($"#!histogram needs an Image, a ProjectionStack or a Volume, but {variable.Name} is a {variable.Type.Name}.");
        }

        if (arguments.Integer("bins") is < 1 and var bins)
        {
            throw new MagicException($"#!histogram: --bins is {bins}, but must be 1 or more.");
        }

        return new MagicCode($"Plot.Histogram({variable.Name}, {arguments.Integer("bins")})");
    }
}
