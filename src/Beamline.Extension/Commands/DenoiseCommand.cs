using Beamline.Arrays;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!denoise train low --normal normal --views 7,22,37</c>, then <c>#!denoise apply low --model denoiser</c>.</summary>
internal sealed class DenoiseCommand : CodeMagic
{
    private static readonly MagicParameter[] OfApply =
    [
        new("model", MagicValueKind.Variable, "apply: the denoiser.") { KeepsReference = true },
        new("file", MagicValueKind.Path, "apply: a file that Save or --save wrote, in the place of --model."),
    ];

    public override MagicDescriptor Descriptor { get; } = new("denoise", "Trains a network to remove noise, and applies it.",
    [
        new("action", MagicValueKind.Text, "What to do.") { IsPositional = true, IsRequired = true, Allowed = ["train", "apply"] },
        Parameters.Input("input", "train: all views at low dose, as line integrals. apply: a stack, image or volume."),
        .. DenoiseTraining.Options,
        .. OfApply,
        new("as", MagicValueKind.NewVariable, "Name of the variable that is made.")
        {
            DefaultOfAction = new Dictionary<string, string> { ["train"] = "denoiser", ["apply"] = "denoised" },
        },
    ])
    {
        OnlyInCode =
        [
            "GradientClip, HeldOutFraction, Threads and InThisProcess", "networks of your own (DenoiserNetwork.UNetMedium with { Widths = [8, 16] })", "TrainPairs", "Import",
        ],
    };

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var action = arguments.Required("action");
        var others = action == "train" ? OfApply : DenoiseTraining.Options;
        if (others.FirstOrDefault(o => arguments.Has(o.Name)) is { } other)
        {
            throw new MagicException($"#!denoise: --{other.Name} means nothing for {action}.");
        }

        return action == "train"
            ? DenoiseTraining.Translate(arguments, arguments.Required("as"), option => Variable(arguments, option, context))
            : Apply(arguments, arguments.Required("as"), context);
    }

    private static MagicCode Apply(MagicArguments arguments, string name, INotebookContext context)
    {
        var input = Variable(arguments, "input", context);
        if (input.Value is not (ProjectionStack or Image or Volume))
        {
            throw new MagicException($"#!denoise apply needs a ProjectionStack, an Image or a Volume, but {input.Name} is a {input.Type.Name}.");
        }

        if (arguments.Has("model") == arguments.Has("file"))
        {
            throw new MagicException(arguments.Has("file")
                ? "#!denoise apply: --model and --file both name a denoiser: give one of them."
                : "#!denoise apply needs --model with the variable of a denoiser, or --file with the path of a saved one.");
        }

        var model = arguments.Text("file") is { } path
            ? $"Denoiser.Load({Literal(path)})"
            : Parameters.Of<Denoiser>(Variable(arguments, "model", context), "denoise");
        return new MagicCode($"var {name} = {model}.Apply({input.Name});", name);
    }
}
