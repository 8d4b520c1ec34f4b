namespace Beamline.Tomography.Planning;

/// <summary>Names of steps that methods share.</summary>
internal static class MethodSteps
{
    internal const string Prepare = "prepare";
    internal const string Read = "read";
    internal const string Filter = "filter";
    internal const string Transform = "transform";
    internal const string Backproject = "backproject";
    internal const string Iterate = "iterate";
    internal const string Write = "write";
}
