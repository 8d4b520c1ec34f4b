using Beamline.Data;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!normalize scan --minus-log --as projections</c>.</summary>
internal sealed class NormalizeCommand : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("normalize", "Corrects projections by flat and dark frames.",
    [
        Parameters.Input("scan", "The scan."),
        new("minus-log", MagicValueKind.Flag, "Also take minus the logarithm: line integrals."),
        new("floor", MagicValueKind.Number, "Least transmission that minus-log sees, above 0 and below 1."),
        Parameters.Result("projections"),
    ]);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var name = arguments.Required("as");
        var scan = Parameters.Of<TomographyScan>(Variable(arguments, "scan", context), "normalize");
        var options = Parameters.Options("MinusLogOptions", [("Floor", Parameters.Literal(arguments.Number("floor")))]);
        if (options.Length > 0 && !arguments.Flag("minus-log"))
        {
            throw new MagicException("#!normalize: --floor belongs to --minus-log.");
        }

        var log = arguments.Flag("minus-log") ? $".MinusLog({options})" : "";
        return new MagicCode($"var {name} = {scan}.Normalize(){log};", name);
    }
}
