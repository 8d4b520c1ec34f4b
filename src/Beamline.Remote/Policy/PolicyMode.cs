namespace Beamline.Remote;

/// <summary>Which cells an endpoint runs.</summary>
internal enum PolicyMode
{
    /// <summary>Any code of an allowed user.</summary>
    Any,

    /// <summary>Only code whose <see cref="SourceHash"/> is listed.</summary>
    RegisteredOnly,
}
