using System.Globalization;
using Beamline.Arrays;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary>The part of <c>#!denoise</c> that trains: <c>#!denoise train low --normal normal --views 7,22,37 --steps 400</c>.</summary>
internal static class DenoiseTraining
{
    private static readonly string[] OfHybridDose = ["normal", "views"];

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
        new("network", MagicValueKind.Text, "train: the network.") { Allowed = [.. Networks.Keys], Default = "unet-medium" },
        new("input-channels", MagicValueKind.Integer, "train: views that go in together, an odd number; 1 when not given."),
        new("loss", MagicValueKind.Text, "train: what is made small.") { Allowed = Parameters.Names<TrainingLoss>(), Default = "mean-square" },
        new("steps", MagicValueKind.Integer, "train: number of steps; 600 when not given."),
        new("batch-size", MagicValueKind.Integer, "train: patches in a step; 8 when not given."),
        new("patch-size", MagicValueKind.Integer, "train: edge of a patch in pixels, 16 or more; 64 when not given."),
        new("learning-rate", MagicValueKind.Number, "train: largest step length, between 0 and 1; 0.002 when not given."),
        new("schedule", MagicValueKind.Text, "train: how the step length goes down.") { Allowed = Parameters.Names<LearningRateSchedule>(), Default = "cosine" },
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

        var (call, given) = arguments.Has("second")
            ? ("Noise2Noise", NoiseTwoNoise(arguments, low, variable))
            : ("HybridDose", HybridDose(arguments, input, low, variable));
        var options = TrainingOptionsOf(arguments);
        var rest = $"{call}({given}{(options.Length > 0 ? ", " + options : "")});";
        if (!arguments.Flag("detached"))
        {
            var save = arguments.Text("save") is { } path ? $"\n{name}.Save({Quoted(path)});" : "";
            return new MagicCode($"var {name} = Denoiser.Train{rest}{save}", name);
        }

        if (call != "HybridDose")
        {
            throw new MagicException("#!denoise: --detached is for --normal and --views: Noise2Noise has no run to hold.");
        }

        return !arguments.Has("as") ? throw new MagicException("#!denoise: --detached makes a TrainingRun, not a denoiser: name it, for instance --as run. Later: var denoiser = await run.Completion;")
            : arguments.Has("save") ? throw new MagicException("#!denoise: --save needs the end of the training, and --detached does not wait for it. Later: (await run.Completion).Save(path);")
            : new MagicCode($"var {name} = Denoiser.Start{rest}", name);
    }

    private static string NoiseTwoNoise(MagicArguments arguments, string first, Func<string, NotebookVariable> variable) =>
        OfHybridDose.FirstOrDefault(arguments.Has) is { } option
            ? throw new MagicException($"#!denoise: --{option} means nothing beside --second, which is Noise2Noise.")
            : $"{first}, {Parameters.Of<ProjectionStack>(variable("second"), "denoise")}";

    private static string HybridDose(MagicArguments arguments, NotebookVariable input, string low, Func<string, NotebookVariable> variable)
    {
        if (OfHybridDose.FirstOrDefault(o => !arguments.Has(o)) is { } missing)
        {
            throw new MagicException(arguments.Has("normal") || arguments.Has("views")
                ? $"#!denoise train needs --{missing} as well."
                : "#!denoise train needs --normal and --views (a few views at normal dose), or --second (another measurement at the same dose).");
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

    private static string TrainingOptionsOf(MagicArguments arguments)
    {
        var network = $"DenoiserNetwork.{Networks[arguments.Required("network")]}";
        if (arguments.Integer("input-channels") is { } channels)
        {
            if (channels is < 1 or > 15 || channels % 2 == 0)
            {
                throw new MagicException($"#!denoise: --input-channels is {channels}, but it is an odd number from 1 to 15: the middle view is denoised.");
            }

            network += $" with {{ InputChannels = {channels} }}";
        }

        AtLeast(arguments, "steps", 1);
        AtLeast(arguments, "batch-size", 1);
        AtLeast(arguments, "patch-size", 16);
        AtLeast(arguments, "score-every", 1);
        AtLeast(arguments, "patience", 0);
        if (arguments.Number("learning-rate") is { } rate and not (> 0 and < 1))
        {
            throw new MagicException($"#!denoise: --learning-rate is {Parameters.Literal(rate)}, but lies between 0 and 1; 0.002 is usual.");
        }

        return Parameters.Options("TrainingOptions",
        [
            ("Network", arguments.Has("network") || arguments.Has("input-channels") ? network : null),
            ("Loss", arguments.Has("loss") ? Parameters.Member<TrainingLoss>(arguments.Text("loss")) : null),
            ("Steps", arguments.Integer("steps")?.ToString()),
            ("BatchSize", arguments.Integer("batch-size")?.ToString()),
            ("PatchSize", arguments.Integer("patch-size")?.ToString()),
            ("LearningRate", Parameters.Literal(arguments.Number("learning-rate"))),
            ("Schedule", arguments.Has("schedule") ? Parameters.Member<LearningRateSchedule>(arguments.Text("schedule")) : null),
            ("Seed", arguments.Integer("seed")?.ToString()),
            ("ScoreEvery", arguments.Integer("score-every")?.ToString()),
            ("Patience", arguments.Integer("patience")?.ToString()),
            ("Folder", arguments.Text("folder") is { } folder ? Quoted(folder) : null),
            ("Resume", arguments.Flag("resume") ? "true" : null),
        ]);
    }

    private static void AtLeast(MagicArguments arguments, string option, int least)
    {
        if (arguments.Integer(option) is { } value && value < least)
        {
            throw new MagicException($"#!denoise: --{option} is {value}, but must be {least} or more.");
        }
    }

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
