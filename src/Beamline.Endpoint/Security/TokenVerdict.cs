namespace Beamline.Endpoint;

/// <summary>What a token that was sent is worth.</summary>
internal enum TokenVerdict
{
    /// <summary>It is known and has not ended.</summary>
    Good,

    /// <summary>It is not known.</summary>
    Unknown,

    /// <summary>It is known, and its time is over.</summary>
    Expired,
}
