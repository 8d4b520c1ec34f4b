using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Whether values of a type can leave: what is bound to this process is told first, in words of its own, then what cannot be taken apart.</summary>
internal static class Departure
{
    /// <summary>Why they cannot, and what to do; null when they can.</summary>
    /// <param name="type">A declared type, or the type of a value.</param>
    public static string? Refusal(Type type)
    {
        var codecs = NotebookHost.Current?.Service<IValueCodecSource>()?.Codecs ?? [];
        return codecs.Any(c => c.Accepts(type)) ? null
            : LiveTypes.Refusal(type) ?? (codecs.Count == 0 ? TravelTypes.Refusal(type) : new ValueCodecs(codecs).Refusal(type));
    }
}
