using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Commands;

/// <summary>The analytic part of <c>#!recon</c>: <c>#!recon projections --method fourier --filter hann --kernel-width 6</c>.</summary>
internal static class AnalyticRecon
{
    internal static string[] Methods { get; } = ["fbp", "fourier", "log-polar"];

    internal static MagicParameter[] Options { get; } =
    [
        new("response", MagicValueKind.Text, "fbp, fourier, log-polar: @name of a Func<double, double>, a window of your own on the ramp for w from 0 to 1 (Nyquist).") { KeepsReference = true },
        new("oversampling", MagicValueKind.Number, "fourier, log-polar: grid points for each pixel; 2 and 1.25 when not given."),
        new("kernel-width", MagicValueKind.Integer, "fourier: grid points that a sample is spread over, 2 to 8; 4 when not given."),
        new("wedges", MagicValueKind.Integer, "log-polar: parts of half a turn, 3 to 24; 6 when not given."),
    ];

    /// <summary>What an option of this page means something for.</summary>
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["response"] = Methods, ["oversampling"] = ["fourier", "log-polar"], ["kernel-width"] = ["fourier"], ["wedges"] = ["log-polar"],
    };

    internal static string Call(string method) => method switch
    {
        "fourier" => "Fourier",
        "log-polar" => "LogPolar",
        _ => "Fbp",
    };

    /// <summary>The properties of the options that only these methods have.</summary>
    internal static IEnumerable<(string Property, string? Value)> Own(MagicArguments arguments, Func<NotebookVariable> response) =>
    [
        ("Response", arguments.Has("response") ? Parameters.Of<Func<double, double>>(response(), "recon") : null),
        ("Oversampling", Parameters.Literal(arguments.Number("oversampling"))),
        ("KernelWidth", arguments.Integer("kernel-width")?.ToString()),
        ("Wedges", arguments.Integer("wedges")?.ToString()),
    ];

    /// <summary>Refuses options of other methods instead of passing over them.</summary>
    internal static void RefuseOptionsOfOthers(MagicArguments arguments, string method)
    {
        if (Known.Keys.FirstOrDefault(o => arguments.Has(o) && !Known[o].Contains(method)) is { } option)
        {
            throw new MagicException($"#!recon: --{option} belongs to --method {string.Join(" or ", Known[option])} and means nothing for {method}.");
        }

        if (arguments.Has("response") && arguments.Has("filter") && arguments.Text("filter") != "none")
        {
            throw new MagicException("#!recon: --response takes the place of --filter: give one of them (or --filter none with --response, which leaves out the ramp).");
        }
    }
}
