using Beamline.Arrays;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary>The part of <c>#!denoise</c> that compares: <c>#!denoise compare low --model denoiser --reference exact --reference-is-exact</c>.</summary>
internal static class DenoiseComparing
{
    private static readonly string[] OfDose = ["low-photons", "normal-photons", "normal-views"];

    internal static MagicParameter[] Options { get; } =
    [
        new("reference", MagicValueKind.Variable, "compare: what it should look like, of the same shape; without it even and odd views are held against each other.") { KeepsReference = true },
        new("reference-is-exact", MagicValueKind.Flag, "compare: the reference has no noise, as in a simulation."),
        new("low-photons", MagicValueKind.Number, "compare: photons of a pixel without a sample, in a view at low dose; counts the dose, with the two options that follow."),
        new("normal-photons", MagicValueKind.Number, "compare: the same in a view at normal dose."),
        new("normal-views", MagicValueKind.Integer, "compare: number of views at normal dose."),
        new("tuning", MagicValueKind.Text, "compare: how the classical filters get their parameters.") { Allowed = Parameters.Names<FilterTuning>(), Default = "auto" },
        new("disc-fraction", MagicValueKind.Number, "compare: radius of the disc in which slices are scored, over half their width; 0.95 when not given."),
    ];

    internal static MagicCode Translate(MagicArguments arguments, string name, string model, NotebookVariable input, Func<string, NotebookVariable> variable)
    {
        var reference = arguments.Has("reference") ? variable("reference") : null;
        if (input.Value is not (ProjectionStack or Volume) || (input.Value is Volume && reference is null))
        {
            throw new MagicException($"#!denoise compare needs a ProjectionStack, or a Volume with --reference, but {input.Name} is a {input.Type.Name}.");
        }

        var given = input.Value is Volume
            ? $"{input.Name}, {Parameters.Of<Volume>(reference!, "denoise")}"
            : reference is null ? input.Name : $"{input.Name}, {Parameters.Of<ProjectionStack>(reference, "denoise")}";
        if (arguments.Flag("reference-is-exact") && reference is null)
        {
            throw new MagicException("#!denoise: --reference-is-exact says something about --reference: give it.");
        }

        var options = Parameters.Options("ComparisonOptions",
        [
            ("Axis", Parameters.Axis(arguments, () => variable("axis"), "denoise")),
            ("ReferenceIsExact", arguments.Flag("reference-is-exact") ? "true" : null),
            ("Dose", Dose(arguments)),
            ("Tuning", arguments.Has("tuning") ? Parameters.Member<FilterTuning>(arguments.Text("tuning")) : null),
            ("DiscFraction", Parameters.Literal(arguments.Number("disc-fraction"))),
        ]);
        var rest = options.Length == 0 ? "" : reference is null ? $", options: {options}" : $", {options}";
        // Shown by its last line: as the result of a command its tables would also be printed as text.
        return new MagicCode($"var {name} = {model}.Compare({given}{rest});\n{name}");
    }

    private static string? Dose(MagicArguments arguments)
    {
        var given = OfDose.Where(arguments.Has).ToArray();
        return given.Length == 0 ? null
            : OfDose.Except(given).ToArray() is { Length: > 0 } missing
                ? throw new MagicException($"#!denoise: the dose needs {string.Join(" and ", missing.Select(m => "--" + m))} as well.")
            : $"new HybridDose({Parameters.Literal(arguments.Number("low-photons"))}, {Parameters.Literal(arguments.Number("normal-photons"))}, {arguments.Integer("normal-views")})";
    }
}
