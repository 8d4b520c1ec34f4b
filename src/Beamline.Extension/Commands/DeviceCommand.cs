using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary><c>#!device</c>.</summary>
internal sealed class DeviceCommand : CodeMagic
{
    public override MagicDescriptor Descriptor { get; } = new("device", "Lists the devices that can compute.", []);

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context) => new("ComputeDevices.List()");
}
