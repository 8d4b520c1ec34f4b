namespace Beamline.Compute;

/// <summary>A device was asked for that this machine does not have.</summary>
public sealed class DeviceNotFoundException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is missing, and what to do.</param>
    public DeviceNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What is missing, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public DeviceNotFoundException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes an exception.</summary>
    public DeviceNotFoundException()
    {
    }
}
