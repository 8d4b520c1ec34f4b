namespace Beamline.Remote;

/// <summary>What writing files can fail with, as an error for the user.</summary>
internal static class DiskErrors
{
    /// <summary>The error that says what to do.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="path">What was written.</param>
    /// <param name="needed">Bytes that it needs.</param>
    public static EndpointException Of(Exception error, string path, long needed) => error switch
    {
        EndpointException known => known,
        _ when DiskFullException.Is(error) => new EndpointException(
            $"The disk is full: {path} needs {ByteText.Of(needed)} and {Free(path)} free. Nothing of it was kept. Remove old jobs, or give the endpoint a larger disk.", error),
        _ => new EndpointException($"{path} could not be written: {error.Message}", error),
    };

    private static string Free(string path)
    {
        try
        {
            return $"{ByteText.Of(new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace)} are";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "too little is";
        }
    }
}
