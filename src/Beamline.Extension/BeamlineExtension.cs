using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Display;
using Beamline.Display.Widgets;
using Beamline.Extension.Commands;
using Beamline.Extension.Formatting;
using Beamline.Extension.Remote;
using Beamline.Learning;
using Beamline.Notebook;
using Beamline.Remote;
using Beamline.Tomography;

namespace Beamline.Extension;

/// <summary>The extension library: X-ray imaging for a C# notebook.</summary>
public sealed class BeamlineExtension : INotebookExtension
{
    /// <inheritdoc/>
    public string Name => "Beamline";

    /// <inheritdoc/>
    public void Register(IExtensionRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        Type[] homes =
        [
            typeof(Volume), typeof(RunContext), typeof(TomographyScan), typeof(Reconstruction), typeof(Denoiser), typeof(PictureView), typeof(MimeBundle), typeof(ScienceCharts), typeof(RemoteJob),
        ];
        foreach (var home in homes)
        {
            registry.AddReference(home.Assembly);
            registry.AddUsing(home.Namespace!);
        }

        registry.AddUsing("Beamline.Data.Simulation");

        // Interact alone: names like Text and Label are opened by who wants them (using Beamline.Display.Widgets).
        registry.AddUsing(typeof(InteractGlobals).FullName!);

        // Charts are Plotly.NET's: users go on with its types.
        registry.AddReference(typeof(Plotly.NET.GenericChart).Assembly);
        registry.AddReference(typeof(Plotly.NET.CSharp.Chart).Assembly);

        registry.AddCommand(new OpenCommand());
        registry.AddCommand(new NormalizeCommand());
        registry.AddCommand(new CenterCommand());
        registry.AddCommand(new ReconCommand());
        registry.AddCommand(new DenoiseCommand());
        registry.AddCommand(new ViewCommand());
        registry.AddCommand(new ProfileCommand());
        registry.AddCommand(new HistogramCommand());
        registry.AddCommand(new SaveCommand());
        registry.AddCommand(new DeviceCommand());
        registry.AddCommand(new RemoteCommand());
        registry.AddCommand(new JobsCommand());
        registry.AddCommand(new AttachCommand());
        registry.AddCommand(new CancelCommand());
        registry.AddCommand(new EndpointCommand());

        registry.AddCommTarget(new ViewerComm());
        registry.AddService(new LiveDisplay());
        registry.AddService(new DenoiserCodec());
        registry.AddCommTarget(new WidgetControl());

        registry.AddFormatter(new ChartFormatter());
        registry.AddFormatter(new ArrayFormatter());
        registry.AddFormatter(new WidgetFormatter());
        registry.AddFormatter(new ScanFormatter());
        registry.AddFormatter(new GeometryFormatter());
        registry.AddFormatter(new AxisFormatter());
        registry.AddFormatter(new ScienceFormatter());
        registry.AddFormatter(new ComparisonFormatter());
        registry.AddFormatter(new DenoiserFormatter());
        registry.AddFormatter(new PlanFormatter());
        registry.AddFormatter(new DeviceListFormatter());
        registry.AddFormatter(new AxisSweepFormatter());
        registry.AddFormatter(new TrainingFormatter());
        registry.AddFormatter(new RemoteFormatter());
        registry.AddFormatter(new OneLineFormatter());
    }
}
