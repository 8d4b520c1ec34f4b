namespace Beamline.Remote.Slurm;

/// <summary>Reads display.jsonl while a node appends to it.</summary>
internal static class SlurmEvents
{
    private const int Usual = 1 << 20;

    public static async Task<(IReadOnlyList<JobEvent> Events, long Next)> ReadAsync(
        IJobFiles files, string path, long offset, TimeSpan wait, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        for (var limit = Usual; ; limit *= 4)
        {
            var bytes = await files.FollowAsync(path, offset, limit, wait, cancellationToken).ConfigureAwait(false);
            var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            if (end > 0)
            {
                return (Parse(bytes.AsSpan(0, end)), offset + end);
            }

            if (bytes.Length < limit)
            {
                if (bytes.Length > 0 && wait > TimeSpan.Zero)
                {
                    // Half a line: its end is on the way.
                    await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
                }

                return ([], offset);
            }

            if (limit >= JobEventReader.LongestLine)
            {
                throw new EndpointException($"{path} has a line of more than {ByteText.Of(JobEventReader.LongestLine)} at byte {offset}.");
            }
        }
    }

    private static List<JobEvent> Parse(ReadOnlySpan<byte> bytes)
    {
        var events = new List<JobEvent>();
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end > 0 && SlurmFolder.Parse<JobEvent>(bytes[..end].ToArray()) is { } line)
            {
                events.Add(line);
            }

            bytes = bytes[(end + 1)..];
        }

        return events;
    }
}
