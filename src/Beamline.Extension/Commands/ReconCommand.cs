using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Commands;

/// <summary><c>#!recon projections --method fbp --filter parzen --axis @axis --as volume</c>.</summary>
internal sealed class ReconCommand : CodeMagic
{
    private const double WorthSaying = 1;

    public override MagicDescriptor Descriptor { get; } = new("recon", "Reconstructs a volume.",
    [
        Parameters.Input("projections", "Line integrals."),
        new("method", MagicValueKind.Text, "The method.") { Allowed = [.. AnalyticRecon.Methods, .. IterativeRecon.Methods, .. GeometryRecon.Methods], Default = "fbp" },
        new("axis", MagicValueKind.Text, "The rotation axis: @name of a variable, or a column in pixels. Found when not given.") { KeepsReference = true },
        new("filter", MagicValueKind.Text, "Window on the ramp.") { Allowed = Parameters.Names<FbpFilter>(), Default = "shepp-logan" },
        new("cutoff", MagicValueKind.Number, "End of the window as a part of the Nyquist frequency, above 0 to 1."),
        new("butterworth-order", MagicValueKind.Integer, "Steepness of --filter butterworth, 1 or more; 2 when not given."),
        new("padding", MagicValueKind.Text, "What lies beside the detector.") { Allowed = Parameters.Names<SinogramPadding>(), Default = "zero" },
        new("image-size", MagicValueKind.Integer, "Edge of the slices in pixels; as wide as the detector when not given."),
        new("mask-outside-circle", MagicValueKind.Flag, "Clear what some projection does not see."),
        new("device", MagicValueKind.Text, "auto, cpu, cuda or cuda:N."),
        new("plan", MagicValueKind.Flag, "Print what the reconstruction would take, and do not run it."),
        .. AnalyticRecon.Options,
        .. GeometryRecon.Options,
        .. IterativeRecon.Options,
        Parameters.Result("volume"),
    ])
    {
        OnlyInCode = ["Backend", "Operator", "Regularizer", "Preview, PreviewEvery and PreviewSlice", "Relaxation that changes from iteration to iteration"],
    };

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        var name = arguments.Required("as");
        var projections = Parameters.Of<ProjectionStack>(Variable(arguments, "projections", context), "recon");
        var method = arguments.Required("method");
        AnalyticRecon.RefuseOptionsOfOthers(arguments, method);
        var geometry = arguments.Has("geometry") ? Variable(arguments, "geometry", context) : null;
        if (GeometryRecon.Takes(arguments))
        {
            return GeometryRecon.Translate(arguments, name, projections, geometry, Parameters.Device(arguments, "recon"));
        }

        GeometryRecon.Refuse(arguments, method, "offset-detector");
        if (!AnalyticRecon.Methods.Contains(method))
        {
            return IterativeRecon.Translate(
                arguments, name, projections, geometry is null ? Axis(arguments, context) : GeometryOf(arguments, geometry), Parameters.Device(arguments, "recon"),
                option => Variable(arguments, option, context));
        }

        IterativeRecon.RefuseIterativeOptions(arguments, method);
        var call = AnalyticRecon.Call(method);
        var options = Parameters.Options($"{call}Options",
        [
            ("Filter", arguments.Has("filter") ? Parameters.Member<FbpFilter>(arguments.Text("filter")) : null),
            ("Cutoff", Parameters.Literal(arguments.Number("cutoff"))),
            ("ButterworthOrder", arguments.Integer("butterworth-order")?.ToString()),
            ("Padding", arguments.Has("padding") ? Parameters.Member<SinogramPadding>(arguments.Text("padding")) : null),
            ("ImageSize", arguments.Integer("image-size")?.ToString()),
            ("MaskOutsideCircle", arguments.Flag("mask-outside-circle") ? "true" : null),
            ("Device", Parameters.Device(arguments, "recon")),
            .. AnalyticRecon.Own(arguments, () => Variable(arguments, "response", context)),
        ]);
        if (arguments.Flag("plan"))
        {
            var plan = method == "fbp" ? "Plan" : "Plan" + call;
            return new MagicCode($"Reconstruction.{plan}({projections}{(options.Length > 0 ? ", " + options : "")})");
        }

        var axis = Axis(arguments, context);
        var rest = (axis, options.Length > 0) switch
        {
            (null, false) => "",
            (null, true) => $", options: {options}",
            (_, false) => $", {axis}",
            _ => $", {axis}, {options}",
        };
        return new MagicCode($"var {name} = Reconstruction.{call}({projections}{rest});", name);
    }

    /// <summary>Whether the plan was right. Runs that are over at once have no plan worth the words.</summary>
    protected override string Remark(object? result) => result is Volume { Timing: { Expected: { } expected } timing } && timing.Measured.TotalSeconds >= WorthSaying
        ? $"; reconstruction {RunTiming.Text(timing.Measured)}, planned {RunTiming.Text(expected)}"
        : "";

    private static string GeometryOf(MagicArguments arguments, NotebookVariable geometry)
    {
        GeometryRecon.Refuse(arguments, arguments.Required("method"), "axis", "image-size");
        return Parameters.Of<Geometry>(geometry, "recon");
    }

    private static string? Axis(MagicArguments arguments, INotebookContext context) => Parameters.Axis(arguments, () => Variable(arguments, "axis", context), "recon");
}
