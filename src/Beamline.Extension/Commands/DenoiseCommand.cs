using Beamline.Arrays;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!denoise train low --normal normal --views 7,22,37</c>, then <c>#!denoise apply low --model denoiser</c>.</summary>
internal sealed class DenoiseCommand : CodeMagic
{
    private static readonly MagicParameter[] OfModel =
    [
        new("model", MagicValueKind.Variable, "All but train: the denoiser.") { KeepsReference = true },
        new("file", MagicValueKind.Path, "All but train: a file that Save or --save wrote, in the place of --model."),
    ];

    private static readonly MagicParameter Axis = new("axis", MagicValueKind.Text,
        "train on this scan alone (Noise2Inverse), reconstruct, compare: the rotation axis, @name or a column in pixels.") { KeepsReference = true };

    /// <summary>Actions, what their result is called, and their options.</summary>
    private static readonly (string Action, string Result, MagicParameter[] Options)[] Actions =
    [
        ("train", "denoiser", [.. DenoiseTraining.Options, Axis]),
        ("apply", "denoised", OfModel),
        ("reconstruct", "volume", [.. OfModel, Axis]),
        ("compare", "comparison", [.. OfModel, Axis, .. DenoiseComparing.Options]),
    ];

    public override MagicDescriptor Descriptor { get; } = new("denoise", "Trains a network to remove noise, and applies it.",
    [
        new("action", MagicValueKind.Text, "What to do; reconstruct is for networks of train --axis.")
        {
            IsPositional = true, IsRequired = true, Allowed = [.. Actions.Select(a => a.Action)],
        },
        Parameters.Input("input", "train: all views at low dose, as line integrals. apply: a stack, image or volume. reconstruct: a stack. compare: a stack or volume."),
        .. Actions.SelectMany(a => a.Options).DistinctBy(o => o.Name),
        new("as", MagicValueKind.NewVariable, "Name of the variable that is made.") { DefaultOfAction = Actions.ToDictionary(a => a.Action, a => a.Result) },
    ])
    {
        OnlyInCode =
        [
            "GradientClip, HeldOutFraction, Threads and InThisProcess", "networks of your own (DenoiserNetwork.UNetMedium with { Widths = [8, 16] })", "TrainPairs", "Import and ImportTorchScript", "Adversarial", "ApplyTo, ApplyWithUncertainty and InHalfPrecision",
            "CompareHalves", "Fbp, Filters, Others, Views, Slices, ProjectionDataRange, SliceDataRange, FlatRegion and Seed of a comparison",
            "Strategy, Filter, Cutoff, ThroughWindow, Padding and MaskOutsideCircle of Noise2Inverse",
        ],
    };

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var (action, _, options) = Actions.First(a => a.Action == arguments.Required("action"));
        if (Actions.SelectMany(a => a.Options).Except(options).FirstOrDefault(o => arguments.Has(o.Name)) is { } other)
        {
            throw new MagicException($"#!denoise: --{other.Name} means nothing for {action}.");
        }

        var name = arguments.Required("as");
        if (action == "train")
        {
            return DenoiseTraining.Translate(arguments, name, option => Variable(arguments, option, context));
        }

        var input = Variable(arguments, "input", context);
        if (action == "reconstruct")
        {
            var axis = Parameters.Axis(arguments, () => Variable(arguments, "axis", context), "denoise")
                ?? throw new MagicException("#!denoise reconstruct needs --axis, as the training had it.");
            return new MagicCode($"var {name} = {Model(arguments, context)}.Reconstruct({Parameters.Of<ProjectionStack>(input, "denoise")}, {axis});", name);
        }

        if (action == "compare")
        {
            return DenoiseComparing.Translate(arguments, name, Model(arguments, context), input, option => Variable(arguments, option, context));
        }

        return input.Value is ProjectionStack or Image or Volume
            ? new MagicCode($"var {name} = {Model(arguments, context)}.Apply({input.Name});", name)
            : throw new MagicException($"#!denoise apply needs a ProjectionStack, an Image or a Volume, but {input.Name} is a {input.Type.Name}.");
    }

    /// <summary>The C# of the denoiser.</summary>
    private static string Model(MagicArguments arguments, INotebookContext context)
    {
        if (arguments.Has("model") == arguments.Has("file"))
        {
            throw new MagicException(arguments.Has("file")
                ? "#!denoise: --model and --file both name a denoiser: give one of them."
                : $"#!denoise {arguments.Text("action")} needs --model with the variable of a denoiser, or --file with the path of a saved one.");
        }

        return arguments.Text("file") is { } path
            ? $"Denoiser.Load({Literal(path)})"
            : Parameters.Of<Denoiser>(Variable(arguments, "model", context), "denoise");
    }
}
