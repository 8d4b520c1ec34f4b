using System.Globalization;
using System.Runtime.InteropServices;

namespace Beamline.Endpoint;

/// <summary>What Linux says of processes, and how they are signalled.</summary>
internal static partial class ProcessFacts
{
    public const int Terminate = 15;

    public const int Kill = 9;

    private static readonly string Boot = ReadOrEmpty("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>When a process started; null when there is none, or when it is dead and only waits for its parent.</summary>
    public static string? Started(int processId) =>
        Fields(processId) is { } f && f[0] is not ("Z" or "X") ? $"{Boot}/{f[19]}" : null;

    public static bool IsAlive(WorkerTrace trace) => Started(trace.ProcessId) == trace.Started;

    /// <summary>Memory of all processes of a session.</summary>
    public static long SessionBytes(int session)
    {
        var pages = 0L;
        foreach (var id in Session(session))
        {
            if (Fields(id) is { } f && long.TryParse(f[21], CultureInfo.InvariantCulture, out var own))
            {
                pages += own;
            }
        }

        return pages * Environment.SystemPageSize;
    }

    /// <summary>Signals all processes of a session.</summary>
    public static void SignalSession(int session, int signal)
    {
        if (session <= 1)
        {
            return;
        }

        // The group first and at once: a process that starts another meanwhile is in it, too.
        _ = Send(-session, signal);
        foreach (var id in Session(session))
        {
            _ = Send(id, signal);
        }
    }

    public static void Signal(int processId, int signal)
    {
        if (processId > 1)
        {
            _ = Send(processId, signal);
        }
    }

    /// <summary>How many processes the kernel has killed for lack of memory since the machine started.</summary>
    public static long KernelKills() => ReadOrEmpty("/proc/vmstat").Split('\n')
        .Where(l => l.StartsWith("oom_kill ", StringComparison.Ordinal))
        .Select(l => long.Parse(l.AsSpan(9), CultureInfo.InvariantCulture)).FirstOrDefault();

    private static IEnumerable<int> Session(int session)
    {
        var name = session.ToString(CultureInfo.InvariantCulture);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out var id) && Fields(id) is { } f && f[3] == name)
            {
                yield return id;
            }
        }
    }

    /// <summary>The fields of /proc/ID/stat from the state on: the name before it may have blanks and brackets.</summary>
    private static string[]? Fields(int processId)
    {
        var text = ReadOrEmpty($"/proc/{processId}/stat");
        var end = text.LastIndexOf(')');
        return end < 0 || text[(end + 2)..].Split(' ') is not { Length: > 22 } fields ? null : fields;
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int processId, int signal);
}
