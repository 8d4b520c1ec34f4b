using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>A stack that reads from another one.</summary>
internal interface IDerivedStack
{
    /// <summary>The stack below.</summary>
    ProjectionStack Source { get; }
}
