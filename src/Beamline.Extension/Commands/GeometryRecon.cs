using Beamline.Arrays;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Commands;

/// <summary>The part of <c>#!recon</c> for other geometries: <c>#!recon projections --method fdk --geometry @geometry</c>.</summary>
internal static class GeometryRecon
{
    internal static string[] Methods { get; } = ["fdk", "fan", "laminography"];

    internal static MagicParameter[] Options { get; } =
    [
        new("geometry", MagicValueKind.Text, "@name of a geometry: fdk takes a ConeGeometry, fan a FanGeometry, laminography a LaminographyGeometry, " +
            "fbp a VectorGeometry of parallel views, iterative methods any.") { KeepsReference = true },
        new("offset-detector", MagicValueKind.Flag, "fdk, fan: the detector was moved aside, to see a sample nearly twice as wide."),
    ];

    internal static bool Takes(MagicArguments arguments) =>
        Methods.Contains(arguments.Text("method")) || (arguments.Text("method") == "fbp" && arguments.Has("geometry"));

    internal static MagicCode Translate(
        MagicArguments arguments, string name, string projections, NotebookVariable? geometry, string? device)
    {
        var method = arguments.Required("method");
        if (geometry is null)
        {
            throw new MagicException($"#!recon: --method {method} needs --geometry @name, for instance of a variable made by new {Type(method)}(...).");
        }

        Refuse(arguments, method, "axis", "image-size", "mask-outside-circle");
        IterativeRecon.RefuseIterativeOptions(arguments, method);
        var (call, options) = method switch
        {
            "fdk" => ($"Fdk({projections}, {Parameters.Of<ConeGeometry>(geometry, "recon")}", "FdkOptions"),
            "fan" => ($"Fan({projections}, {Parameters.Of<FanGeometry>(geometry, "recon")}", "FdkOptions"),
            "laminography" => ($"Laminography({projections}, {Parameters.Of<LaminographyGeometry>(geometry, "recon")}", "FbpOptions"),
            _ => ($"Fbp({projections}, {Parameters.Of<VectorGeometry>(geometry, "recon")}", "FbpOptions"),
        };
        if (options == "FbpOptions")
        {
            Refuse(arguments, method, "offset-detector");
        }

        if (arguments.Flag("plan"))
        {
            return new MagicCode($"Reconstruction.Plan({projections}, {geometry.Name})");
        }

        var given = Parameters.Options(options,
        [
            ("Filter", arguments.Has("filter") ? Parameters.Member<FbpFilter>(arguments.Text("filter")) : null),
            ("Cutoff", Parameters.Literal(arguments.Number("cutoff"))),
            ("Padding", arguments.Has("padding") ? Parameters.Member<SinogramPadding>(arguments.Text("padding")) : null),
            ("OffsetDetector", arguments.Flag("offset-detector") ? "true" : null),
            ("Device", device),
        ]);
        return new MagicCode($"var {name} = Reconstruction.{call}{(given.Length > 0 ? ", " + given : "")});", name);
    }

    /// <summary>Refuses what only another method understands.</summary>
    internal static void Refuse(MagicArguments arguments, string method, params string[] options)
    {
        if (options.FirstOrDefault(arguments.Has) is { } option)
        {
            throw new MagicException($"#!recon: --{option} means nothing for --method {method}" +
                (option is "axis" or "image-size" ? " with a geometry, which says it." : "."));
        }
    }

    private static string Type(string method) => method switch
    {
        "fdk" => nameof(ConeGeometry),
        "fan" => nameof(FanGeometry),
        _ => nameof(LaminographyGeometry),
    };
}
