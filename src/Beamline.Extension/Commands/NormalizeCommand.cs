using Beamline.Data;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Commands;

/// <summary><c>#!normalize scan --minus-log --stripes all --as projections</c>.</summary>
internal sealed class NormalizeCommand : CodeMagic
{
    private static readonly string[] PhaseOptions = ["energy-kev", "distance-millimeters", "delta-over-beta"];

    public override MagicDescriptor Descriptor { get; } = new("normalize", "Corrects projections by flat and dark frames.",
    [
        Parameters.Input("scan", "The scan."),
        new("flat", MagicValueKind.Text, "Which flat each projection is divided by.") { Allowed = Parameters.Names<FlatMethod>(), Default = "mean" },
        new("air-columns", MagicValueKind.Integer, "Columns at each side that see only air, for --flat weighted."),
        new("zingers", MagicValueKind.Flag, "Also replace single bright pixels by the median of their neighbors."),
        new("phase", MagicValueKind.Text, "Also retrieve the phase of a sample of one material; needs the three options that follow, and a pixel size.")
            { Allowed = ["paganin", "paganin-generalized"] },
        new("energy-kev", MagicValueKind.Number, "Photon energy in keV, for --phase."),
        new("distance-millimeters", MagicValueKind.Number, "From the sample to the detector in millimeters, for --phase."),
        new("delta-over-beta", MagicValueKind.Number, "delta / beta of the material, for --phase."),
        new("minus-log", MagicValueKind.Flag, "Also take minus the logarithm: line integrals."),
        new("floor", MagicValueKind.Number, "Least transmission that minus-log sees, above 0 and below 1."),
        new("stripes", MagicValueKind.Text, "Also remove stripes, which become rings.") { Allowed = Parameters.Names<StripeMethod>() },
        Parameters.Result("projections"),
    ])
    {
        OnlyInCode = ["FlatPositions", "AirColumnsLeft other than AirColumnsRight", "options of RemoveZingers and RemoveStripes", "all other steps (docs/preprocessing.md)"],
    };

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var name = arguments.Required("as");
        var scan = Parameters.Of<TomographyScan>(Variable(arguments, "scan", context), "normalize");
        var steps = Flat(arguments)
            + (arguments.Flag("zingers") ? ".RemoveZingers()" : "")
            + Phase(arguments)
            + Log(arguments)
            + (arguments.Text("stripes") is { } stripes ? $".RemoveStripes({Parameters.Member<StripeMethod>(stripes)})" : "");
        return new MagicCode($"var {name} = {scan}{steps};", name);
    }

    private static string Flat(MagicArguments arguments)
    {
        var air = arguments.Integer("air-columns");
        if (air is not null && arguments.Text("flat") != "weighted")
        {
            throw new MagicException("#!normalize: --air-columns belongs to --flat weighted.");
        }

        var options = Parameters.Options("NormalizeOptions",
        [
            ("Flat", arguments.Has("flat") ? Parameters.Member<FlatMethod>(arguments.Text("flat")) : null),
            ("AirColumnsLeft", air?.ToString()),
            ("AirColumnsRight", air?.ToString()),
        ]);
        return $".Normalize({options})";
    }

    private static string Phase(MagicArguments arguments)
    {
        var given = PhaseOptions.Where(arguments.Has).ToArray();
        if (arguments.Text("phase") is not { } phase)
        {
            return given.Length == 0 ? "" : throw new MagicException($"#!normalize: --{given[0]} belongs to --phase.");
        }

        if (PhaseOptions.Except(given).ToArray() is { Length: > 0 } missing)
        {
            throw new MagicException($"#!normalize: --phase {phase} needs {string.Join(" and ", missing.Select(m => "--" + m))} as well.");
        }

        var options = Parameters.Options("PaganinOptions",
        [
            ("EnergyKeV", Parameters.Literal(arguments.Number("energy-kev"))),
            ("Distance", $"Length.FromMillimeters({Parameters.Literal(arguments.Number("distance-millimeters"))})"),
            ("DeltaOverBeta", Parameters.Literal(arguments.Number("delta-over-beta"))),
            ("Generalized", phase == "paganin-generalized" ? "true" : null),
        ]);
        return $".RetrievePhase({options})";
    }

    private static string Log(MagicArguments arguments)
    {
        var options = Parameters.Options("MinusLogOptions", [("Floor", Parameters.Literal(arguments.Number("floor")))]);
        return arguments.Flag("minus-log") ? $".MinusLog({options})"
            : options.Length == 0 ? ""
            : throw new MagicException("#!normalize: --floor belongs to --minus-log.");
    }
}
