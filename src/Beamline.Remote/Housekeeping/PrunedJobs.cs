using System.Globalization;

namespace Beamline.Remote;

/// <summary>A job that housekeeping removed: what is left of it, so that whoever asks for its results hears what became of them.</summary>
/// <param name="Id">The job.</param>
/// <param name="User">Whose it was.</param>
/// <param name="Label">What its sender called it.</param>
/// <param name="Time">When it was removed.</param>
/// <param name="Why">Ends the sentence "It was removed ...".</param>
internal sealed record PrunedJob(string Id, string User, string Label, DateTimeOffset Time, string Why)
{
    /// <summary>For whoever asks for it.</summary>
    public string Message => string.Create(
        CultureInfo.InvariantCulture,
        $"Job {Id} ({Label}) has ended, and what it left was removed on {Time.UtcDateTime:yyyy-MM-dd HH:mm}Z {Why}. Its results are not there any more: run the cell again to have them.");
}

/// <summary>The list of jobs that were removed: pruned.json.</summary>
internal static class PrunedJobs
{
    public const string FileName = "pruned.json";

    /// <summary>Whoever asks later than this hears that there is no such job.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    /// <summary>Most lines: a file that is read as a whole.</summary>
    private const int Most = 20_000;

    public static IReadOnlyList<PrunedJob> Parse(byte[]? bytes)
    {
        try
        {
            return bytes is null ? [] : JobJson.Read<List<PrunedJob>>(bytes, FileName);
        }
        catch (EndpointException)
        {
            // Damaged: no job depends on it.
            return [];
        }
    }

    /// <summary>The list with more on it, without those that nobody remembers.</summary>
    public static byte[] Write(IEnumerable<PrunedJob> known, IEnumerable<PrunedJob> more, DateTimeOffset now) =>
        JobJson.Write(known.Concat(more).Where(j => now - j.Time < Remembered).TakeLast(Most).ToArray());

    /// <summary>Why a job went, in words.</summary>
    /// <param name="rules">The rules that were held against it.</param>
    /// <param name="isForRoom">Whether it went for room only.</param>
    /// <param name="isByHand">Whether somebody asked for it.</param>
    public static string Why(KeepRules rules, bool isForRoom, bool isByHand) => isForRoom
        ? $"to make room: the endpoint keeps {ByteText.Of(rules.Bytes)}"
        : rules.Age == TimeSpan.Zero ? "because everything that had ended was to go"
        : string.Create(CultureInfo.InvariantCulture, $"because it had ended more than {rules.Age!.Value.TotalDays:0.###} days before{(isByHand ? ", as was asked for" : "")}");
}
