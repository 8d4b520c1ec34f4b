using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Whether values of a type can leave: what is bound to this process is told first, in words of its own, then what cannot be taken apart.</summary>
internal static class Departure
{
    /// <summary>Why they cannot, and what to do; null when they can.</summary>
    /// <param name="type">A declared type, or the type of a value.</param>
    public static string? Refusal(Type type) => LiveTypes.Refusal(type) ?? TravelTypes.Refusal(type);
}
