using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>audit.jsonl (0600): who did what, and what was refused and why. Never a secret.</summary>
internal sealed class AuditLog(string path)
{
    private readonly Lock _gate = new();

    public void Write(AuditLine line)
    {
        var json = JobJson.Write(line);
        lock (_gate)
        {
            try
            {
                using var file = PrivateStream.Open(path, FileMode.Append, FileShare.Read | FileShare.Delete);
                file.Write([.. json, (byte)'\n']);
            }
            catch (IOException e)
            {
                // A full disk must not stop the service; the log of the process has the line instead.
                Console.Error.WriteLine($"audit: {e.Message} {System.Text.Encoding.UTF8.GetString(json)}");
            }
        }
    }

    /// <summary>The newest lines, oldest first.</summary>
    public IReadOnlyList<AuditLine> Last(int count)
    {
        string[] lines;
        lock (_gate)
        {
            lines = File.Exists(path) ? [.. File.ReadLines(path).TakeLast(count)] : [];
        }

        return [.. lines.Where(l => l.Length > 0).Select(Parse).OfType<AuditLine>()];
    }

    private static AuditLine? Parse(string line)
    {
        try
        {
            return JobJson.Read<AuditLine>(System.Text.Encoding.UTF8.GetBytes(line), "audit.jsonl");
        }
        catch (EndpointException)
        {
            // Half a line of a disk that was full.
            return null;
        }
    }
}
