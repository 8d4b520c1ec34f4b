using System.Net;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Formatting;

/// <summary>Shows small values as the one line that they write of themselves.</summary>
internal sealed class OneLineFormatter : IMimeFormatter
{
    private static readonly Type[] Shown =
    [
        typeof(Provenance), typeof(Length), typeof(VoxelSize), typeof(Quantity),
        typeof(Device), typeof(DeviceInfo), typeof(ReferenceFrames), typeof(RunTiming),
        typeof(EndpointPruning),
    ];

    public bool CanFormat(Type type) => Shown.Contains(type);

    public MimeBundle Format(object value)
    {
        var text = value.ToString() ?? "";
        return MimeBundle.FromHtml($"<span>{WebUtility.HtmlEncode(text)}</span>", text);
    }
}
