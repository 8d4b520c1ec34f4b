using Beamline.Arrays;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Commands;

/// <summary>The iterative part of <c>#!recon</c>: <c>#!recon projections --method sirt --iterations 100 --run-as run</c>.</summary>
internal static class IterativeRecon
{
    internal static string[] Methods { get; } = Parameters.Names<IterativeMethod>();

    internal static MagicParameter[] Options { get; } =
    [
        new("iterations", MagicValueKind.Integer, "Iterative methods: most iterations; the method's usual number when not given."),
        new("subsets", MagicValueKind.Integer, "os-sart, osem, asd-pocs: number of subsets of the angles; 10 when not given."),
        new("relaxation", MagicValueKind.Number, "sirt, sart, os-sart, asd-pocs: factor on each correction, above 0 and below 2."),
        new("regularization", MagicValueKind.Number, "tv-fista, tv-pdhg, pwls, tikhonov: strength of the penalty, without unit."),
        new("tv-across-slices", MagicValueKind.Flag, "tv-fista, tv-pdhg, asd-pocs: variation between slices counts too; the volume must fit in memory."),
        new("non-negative", MagicValueKind.Flag, "Iterative methods: keep values at 0 or above."),
        new("minimum", MagicValueKind.Number, "Iterative methods: least value, in the unit of the result."),
        new("maximum", MagicValueKind.Number, "Iterative methods: largest value, in the unit of the result."),
        new("noise-level", MagicValueKind.Number, "Iterative methods: standard deviation of a line integral; stop when the residual is down to it."),
        new("stop-at-relative-change", MagicValueKind.Number, "Iterative methods: stop when an iteration changes less than this part."),
        new("start", MagicValueKind.Text, "Iterative methods: @name of a volume to start from.") { KeepsReference = true },
        new("mask", MagicValueKind.Text, "Iterative methods: @name of an image, not 0 where there may be sample.") { KeepsReference = true },
        new("weights", MagicValueKind.Text, "pwls: @name of a stack with the weight of each ray.") { KeepsReference = true },
        new("checkpoint-folder", MagicValueKind.Path, "Iterative methods: folder for checkpoints; the same line goes on from there."),
        new("checkpoint-every", MagicValueKind.Integer, "Iterative methods: iterations from one checkpoint to the next; 10 when not given."),
        new("run-as", MagicValueKind.NewVariable, "Iterative methods: name of a variable for the run, with its convergence history."),
    ];

    /// <summary>What means something for filtered backprojection and its kin only.</summary>
    private static readonly string[] OfFbp = ["filter", "cutoff", "butterworth-order", "padding"];

    internal static void RefuseIterativeOptions(MagicArguments arguments, string method)
    {
        if (Options.FirstOrDefault(o => arguments.Has(o.Name)) is { } option)
        {
            throw new MagicException($"#!recon: --{option.Name} means nothing for --method {method}. Iterative methods: {string.Join(", ", Methods)}.");
        }
    }

    internal static MagicCode Translate(MagicArguments arguments, string name, string projections, string? axis, string? device, Func<string, NotebookVariable> variable)
    {
        var method = arguments.Required("method");
        if (OfFbp.FirstOrDefault(arguments.Has) is { } option)
        {
            throw new MagicException($"#!recon: --{option} belongs to --method fbp and means nothing for {method}.");
        }

        var options = Parameters.Options("IterativeOptions",
        [
            ("Method", Parameters.Member<IterativeMethod>(method)),
            ("Iterations", arguments.Integer("iterations")?.ToString()),
            ("Subsets", arguments.Integer("subsets")?.ToString()),
            ("Relaxation", arguments.Number("relaxation") is { } factor ? $"RelaxationSchedule.Constant({Parameters.Literal(factor)})" : null),
            ("Regularization", Parameters.Literal(arguments.Number("regularization"))),
            ("TvAcrossSlices", arguments.Flag("tv-across-slices") ? "true" : null),
            ("NonNegative", arguments.Flag("non-negative") ? "true" : null),
            ("Minimum", Parameters.Literal(arguments.Number("minimum"))),
            ("Maximum", Parameters.Literal(arguments.Number("maximum"))),
            ("NoiseLevel", Parameters.Literal(arguments.Number("noise-level"))),
            ("StopAtRelativeChange", Parameters.Literal(arguments.Number("stop-at-relative-change"))),
            ("Start", Value<Volume>("start")),
            ("Mask", Value<Image>("mask")),
            ("Weights", Value<ProjectionStack>("weights")),
            ("CheckpointFolder", arguments.Text("checkpoint-folder") is { } folder ? Quoted(folder) : null),
            ("CheckpointEvery", arguments.Integer("checkpoint-every")?.ToString()),
            ("ImageSize", arguments.Integer("image-size")?.ToString()),
            ("MaskOutsideCircle", arguments.Flag("mask-outside-circle") ? "true" : null),
            ("Device", device),
        ]);
        if (arguments.Flag("plan"))
        {
            return new MagicCode($"IterativeReconstruction.Plan({projections}, {(arguments.Has("geometry") ? axis + ", " : "")}{options})");
        }

        var call = $"IterativeReconstruction.Run({projections}, {(axis is null ? "options: " : axis + ", ")}{options})";
        return arguments.Text("run-as") is { } run
            ? new MagicCode($"var {run} = {call};\nvar {name} = {run}.Volume;", name)
            : new MagicCode($"var {name} = {call}.Volume;", name);

        string? Value<T>(string option) => arguments.Has(option) ? Parameters.Of<T>(variable(option), "recon") : null;
    }

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
