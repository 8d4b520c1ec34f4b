namespace Beamline.Remote;

/// <summary>Reads display.jsonl from an offset, while others append to it.</summary>
internal static class JobEventReader
{
    /// <summary>No line that a worker writes is longer; a file with such a line is not this format.</summary>
    public const int LongestLine = 256 << 20;

    /// <summary>Whole lines from an offset on. A line that is damaged, for instance by a worker that was killed, is passed over.</summary>
    /// <param name="folder">The folder of the job.</param>
    /// <param name="offset">Where to begin; the start of a line.</param>
    /// <param name="mostBytes">About how many bytes to read; one line is always read.</param>
    /// <exception cref="EndpointException">The offset is beyond the file, or a line is longer than a line can be.</exception>
    public static (IReadOnlyList<JobEvent> Events, long Next) Read(string folder, long offset, int mostBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 1);
        FileStream file;
        try
        {
            file = Beneath.OpenRead(folder, "display.jsonl");
        }
        catch (FileNotFoundException)
        {
            return ([], offset);
        }

        using (file)
        {
            if (offset > file.Length)
            {
                throw new EndpointException($"display.jsonl has {file.Length} bytes, and byte {offset} was asked for: this is the place of another job, or the file was cut.");
            }

            var bytes = ReadLines(file, offset, mostBytes);
            return (Parse(bytes), offset + bytes.Length);
        }
    }

    private static byte[] ReadLines(FileStream file, long offset, int mostBytes)
    {
        for (long size = mostBytes; ; size *= 4)
        {
            var bytes = new byte[Math.Min(size, file.Length - offset)];
            file.Position = offset;
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var end = bytes.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (end >= 0)
            {
                return bytes[..(end + 1)];
            }

            if (read < size)
            {
                return [];
            }

            if (size > LongestLine)
            {
                throw new EndpointException($"display.jsonl has a line of more than {ByteText.Of(LongestLine)} at byte {offset}.");
            }
        }
    }

    private static List<JobEvent> Parse(byte[] bytes)
    {
        var events = new List<JobEvent>();
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = rest[..end];
            rest = rest[(end + 1)..];
            if (line.IsEmpty)
            {
                continue;
            }

            try
            {
                events.Add(JobJson.Read<JobEvent>(line, "display.jsonl"));
            }
            catch (EndpointException)
            {
                // Half a line of a worker that was killed.
            }
        }

        return events;
    }
}
