using System.Globalization;
using Beamline.Arrays;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary>The part of <c>#!denoise</c> that trains: <c>#!denoise train low --normal normal --views 7,22,37 --steps 400</c>.</summary>
internal static class DenoiseTraining
{
    private static readonly string[] OfHybridDose = ["normal", "views"];
    private static readonly string[] OfSplits = ["splits", "slices"];

    /// <summary>Networks by the names of this command.</summary>
    private static readonly Dictionary<string, string> Networks = new(StringComparer.Ordinal)
    {
        ["unet-small"] = nameof(DenoiserNetwork.UNetSmall), ["unet-medium"] = nameof(DenoiserNetwork.UNetMedium), ["unet-large"] = nameof(DenoiserNetwork.UNetLarge),
        ["hdrec"] = nameof(DenoiserNetwork.HDrec), ["tomogan"] = nameof(DenoiserNetwork.TomoGan), ["dncnn"] = nameof(DenoiserNetwork.DnCnn),
        ["msd"] = nameof(DenoiserNetwork.MixedScaleDense),
    };

    internal static MagicParameter[] Options { get; } =
    [
        new("normal", MagicValueKind.Variable, "train: the few views at normal dose, in the same units.") { KeepsReference = true },
        new("views", MagicValueKind.Text, "train: for each of them the index of the same view at low dose, as 7,22,37; or @name of a list of whole numbers.") { KeepsReference = true },
        new("second", MagicValueKind.Variable, "train: a second measurement of the same views with noise of its own, in the place of --normal and --views (Noise2Noise).") { KeepsReference = true },
        new("splits", MagicValueKind.Integer, "train --axis: parts into which the views are dealt, 2 to 16; 4 when not given."),
        new("slices", MagicValueKind.Integer, "train --axis: most slices to train on; 64 when not given."),
        new("network", MagicValueKind.Text, "train: the network.") { Allowed = [.. Networks.Keys], Default = "unet-medium" },
        new("input-channels", MagicValueKind.Integer, "train: views that go in together, an odd number; 1 when not given."),
        new("loss", MagicValueKind.Text, "train: what is made small.") { Allowed = Parameters.Names<TrainingLoss>(), Default = "mean-square" },
        new("steps", MagicValueKind.Integer, "train: number of steps; 560 when not given."),
        new("batch-size", MagicValueKind.Integer, "train: patches in a step; when not given so many that a step sees as much as four of 96 x 96."),
        new("patch-size", MagicValueKind.Integer, "train: edge of a patch in pixels, 16 or more; 96 when not given."),
        new("learning-rate", MagicValueKind.Number, "train: largest step length, between 0 and 1; 0.002 when not given."),
        new("schedule", MagicValueKind.Text, "train: how the step length goes down.") { Allowed = Parameters.Names<LearningRateSchedule>(), Default = "cosine" },
        new("device", MagicValueKind.Text, "train: auto, cpu, cuda or cuda:N; that of the session when not given."),
        new("seed", MagicValueKind.Integer, "train: same seed, same weights; 1 when not given."),
        new("score-every", MagicValueKind.Integer, "train: steps between two scores and checkpoints; 50 when not given."),
        new("patience", MagicValueKind.Integer, "train: end after so many scores without a better one; never when not given."),
        new("folder", MagicValueKind.Path, "train: folder that keeps the checkpoint."),
        new("resume", MagicValueKind.Flag, "train: go on from the checkpoint in --folder."),
        new("detached", MagicValueKind.Flag, "train: return at once; the variable is the TrainingRun, with buttons to pause and stop it."),
        new("save", MagicValueKind.Path, "train: file to write the denoiser to as well, for instance denoiser.safetensors."),
    ];

    internal static MagicCode Translate(MagicArguments arguments, string name, Func<string, NotebookVariable> variable)
    {
        var input = variable("input");
        var low = Parameters.Of<ProjectionStack>(input, "denoise");
        if (arguments.Flag("resume") && !arguments.Has("folder"))
        {
            throw new MagicException("#!denoise: --resume goes on from the checkpoint in --folder: give the folder that the training before was given.");
        }

        var training = TrainingOptionsOf(arguments, arguments.Has("axis") ? input.Value as ProjectionStack : null);
        var (call, given, options) =
            arguments.Has("second") ? ("Noise2Noise", NoiseTwoNoise(arguments, low, variable), training)
            : arguments.Has("axis") ? ("Noise2Inverse", $"{low}, {NoiseTwoInverse(arguments, variable)}", OptionsOfSplits(arguments, training))
            : ("HybridDose", HybridDose(arguments, input, low, variable), training);
        if (call != "Noise2Inverse" && OfSplits.FirstOrDefault(arguments.Has) is { } split)
        {
            throw new MagicException($"#!denoise: --{split} belongs to --axis, the training on one scan alone.");
        }

        var rest = $"{call}({given}{(options.Length > 0 ? ", " + options : "")});";
        if (!arguments.Flag("detached"))
        {
            var save = arguments.Text("save") is { } path ? $"\n{name}.Save({Quoted(path)});" : "";
            return new MagicCode($"var {name} = Denoiser.Train{rest}{save}", name);
        }

        return !arguments.Has("as") ? throw new MagicException("#!denoise: --detached makes a TrainingRun, not a denoiser: name it, for instance --as run. Later: var denoiser = await run.Completion;")
            : arguments.Has("save") ? throw new MagicException("#!denoise: --save needs the end of the training, and --detached does not wait for it. Later: (await run.Completion).Save(path);")
            : new MagicCode($"var {name} = Denoiser.Start{rest}", name);
    }

    private static string NoiseTwoInverse(MagicArguments arguments, Func<string, NotebookVariable> variable) =>
        OfHybridDose.FirstOrDefault(arguments.Has) is { } option
            ? throw new MagicException($"#!denoise: --{option} means nothing beside --axis, which trains on one scan alone (Noise2Inverse).")
            : Parameters.Axis(arguments, () => variable("axis"), "denoise")!;

    private static string OptionsOfSplits(MagicArguments arguments, string training) => Parameters.Options("Noise2InverseOptions",
    [
        ("Splits", Within(arguments, "splits", 2, 16)),
        ("Slices", Within(arguments, "slices", 1, int.MaxValue)),
        ("Training", training.Length > 0 ? training : null),
    ]);

    private static string? Within(MagicArguments arguments, string option, int least, int most) =>
        arguments.Integer(option) is not { } value ? null
        : value < least ? throw new MagicException($"#!denoise: --{option} is {value}, but must be {least} or more.")
        : value > most ? throw new MagicException($"#!denoise: --{option} is {value}, but must be {most} or less.")
        : value.ToString(CultureInfo.InvariantCulture);

    private static string NoiseTwoNoise(MagicArguments arguments, string first, Func<string, NotebookVariable> variable) =>
        OfHybridDose.Append("axis").FirstOrDefault(arguments.Has) is { } option
            ? throw new MagicException($"#!denoise: --{option} means nothing beside --second, which is Noise2Noise.")
            : $"{first}, {Parameters.Of<ProjectionStack>(variable("second"), "denoise")}";

    private static string HybridDose(MagicArguments arguments, NotebookVariable input, string low, Func<string, NotebookVariable> variable)
    {
        if (OfHybridDose.FirstOrDefault(o => !arguments.Has(o)) is { } missing)
        {
            throw new MagicException(arguments.Has("normal") || arguments.Has("views")
                ? $"#!denoise train needs --{missing} as well."
                : "#!denoise train needs --normal and --views (a few views at normal dose), or --second (another measurement at the same dose), or --axis (this scan alone).");
        }

        var normal = variable("normal");
        var text = arguments.Required("views");
        return $"{low}, {Parameters.Of<ProjectionStack>(normal, "denoise")}, " +
            (text.StartsWith('@') ? Parameters.Of<IReadOnlyList<int>>(variable("views"), "denoise") : Views(text, input.Value as ProjectionStack, normal.Value as ProjectionStack));
    }

    private static string Views(string text, ProjectionStack? low, ProjectionStack? normal)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var views = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out views[i]))
            {
                throw new MagicException($"#!denoise: --views cannot be '{text}': give whole numbers, for instance 7,22,37, or @name of a list of them.");
            }

            if (low is not null && (views[i] < 0 || views[i] >= low.AngleCount))
            {
                throw new MagicException($"#!denoise: --views has {views[i]}, but goes from 0 to {low.AngleCount - 1} here.");
            }
        }

        return normal is null || normal.AngleCount == views.Length
            ? $"[{string.Join(", ", views)}]"
            : throw new MagicException($"#!denoise: --views has {views.Length} indices, but --normal {normal.AngleCount} views: each needs the index of the same view at low dose.");
    }

    /// <param name="arguments">The arguments.</param>
    /// <param name="alone">The scan of Noise2Inverse, which has defaults of its own: when an option is given, they must be written, too. Null for other trainings.</param>
    private static string TrainingOptionsOf(MagicArguments arguments, ProjectionStack? alone)
    {
        if (arguments.Number("learning-rate") is { } rate and not (> 0 and < 1))
        {
            throw new MagicException($"#!denoise: --learning-rate is {Parameters.Literal(rate)}, but lies between 0 and 1; 0.002 is usual.");
        }

        var given = Written(Network(arguments), null, null);
        return alone is null || given.Length == 0 ? given
            : Written(Network(arguments) ?? $"DenoiserNetwork.UNetMedium with {{ InputChannels = {(alone.RowCount >= 3 ? 3 : 1)} }}", "1500", "100");

        string Written(string? network, string? steps, string? scoreEvery) => Parameters.Options("TrainingOptions",
        [
            ("Network", network),
            ("Loss", arguments.Has("loss") ? Parameters.Member<TrainingLoss>(arguments.Text("loss")) : null),
            ("Steps", Within(arguments, "steps", 1, int.MaxValue) ?? steps),
            ("BatchSize", Within(arguments, "batch-size", 0, int.MaxValue)),
            ("PatchSize", Within(arguments, "patch-size", 16, int.MaxValue)),
            ("LearningRate", Parameters.Literal(arguments.Number("learning-rate"))),
            ("Schedule", arguments.Has("schedule") ? Parameters.Member<LearningRateSchedule>(arguments.Text("schedule")) : null),
            ("Device", Parameters.Device(arguments, "denoise")),
            ("Seed", arguments.Integer("seed")?.ToString()),
            ("ScoreEvery", Within(arguments, "score-every", 1, int.MaxValue) ?? scoreEvery),
            ("Patience", Within(arguments, "patience", 0, int.MaxValue)),
            ("Folder", arguments.Text("folder") is { } folder ? Quoted(folder) : null),
            ("Resume", arguments.Flag("resume") ? "true" : null),
        ]);
    }

    private static string? Network(MagicArguments arguments)
    {
        if (!arguments.Has("network") && !arguments.Has("input-channels"))
        {
            return null;
        }

        var network = $"DenoiserNetwork.{Networks[arguments.Required("network")]}";
        return arguments.Integer("input-channels") is not { } channels ? network
            : channels is >= 1 and <= 15 && channels % 2 == 1 ? $"{network} with {{ InputChannels = {channels} }}"
            : throw new MagicException($"#!denoise: --input-channels is {channels}, but it is an odd number from 1 to 15: the middle view is denoised.");
    }

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
