using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>One service for a folder: a file that it holds for as long as it lives, however it ends.</summary>
internal static class ServiceLock
{
    /// <exception cref="ServiceRunsException">Another one has it.</exception>
    public static FileStream Take(ServiceFolder folder)
    {
        try
        {
            return PrivateStream.Open(folder.Lock, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e)
        {
            var running = EndpointDaemon.Read(folder);
            throw new ServiceRunsException(
                $"A service runs in {folder.Path} already{(running is null ? "" : $" (process {running.ProcessId}, {running.Address})")}. 'beamline endpoint stop' ends it.", e);
        }
    }
}

/// <summary>Another service has the folder.</summary>
internal sealed class ServiceRunsException(string message, Exception cause) : Exception(message, cause);
