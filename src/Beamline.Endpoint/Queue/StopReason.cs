namespace Beamline.Endpoint;

/// <summary>Why the service stopped a worker.</summary>
internal enum StopReason
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The user wanted it.</summary>
    Cancelled,

    /// <summary>Its time was used up.</summary>
    TimedOut,

    /// <summary>It took more memory than it may.</summary>
    OutOfMemory,
}
