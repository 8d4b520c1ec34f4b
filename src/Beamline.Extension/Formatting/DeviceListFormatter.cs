using System.Globalization;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Extension.Formatting;

/// <summary>Shows the devices of the machine as a table: name, memory, and which one is taken when none is asked for.</summary>
internal sealed class DeviceListFormatter : IMimeFormatter
{
    public bool CanFormat(Type type) => typeof(IReadOnlyList<DeviceInfo>).IsAssignableFrom(type);

    public MimeBundle Format(object value)
    {
        var devices = (IReadOnlyList<DeviceInfo>)value;
        var chosen = devices.FirstOrDefault(d => d.Device.Kind == DeviceKind.Cuda) ?? (devices.Count > 0 ? devices[0] : null);
        var html = new FactRows("device", "name", "memory", "auto takes");
        foreach (var device in devices)
        {
            html.Add($"{device.Device}", device.Name, Memory(device), device == chosen ? "✓" : "");
        }

        return MimeBundle.FromHtml(html.ToString(), devices.Count == 0 ? "no device" : string.Join('\n', devices.Select(d => $"{d}{(d == chosen ? " (auto)" : "")}")));
    }

    private static string Memory(DeviceInfo device) => string.Create(CultureInfo.InvariantCulture, $"{device.MemoryBytes / (double)(1L << 30):0.0} GiB");
}
