using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Data;
using Beamline.Data.Scans;

namespace Beamline.Remote;

/// <summary>
/// Scans: the path, how it was opened, and what tells whether the same file is there. The data stay where they are; an endpoint that
/// does not share the file system cannot open them.
/// </summary>
internal sealed class ScanCodec : IValueCodec
{
    internal const string CodecName = "scan";

    private const int HeadBytes = 1 << 20;

    public string Name => CodecName;

    public bool Accepts(Type type) => type == typeof(TomographyScan);

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var scan = (TomographyScan)value;
        var options = scan.OpenedWith ?? throw new EndpointException("the scan is still being recorded: send its Frames, or open the file when it is finished");
        var facts = Facts(scan.Source);
        return new JsonObject
        {
            ["path"] = scan.Source,
            ["files"] = facts.Files,
            ["bytes"] = facts.Bytes,
            ["modified"] = facts.Modified,
            ["headSha256"] = facts.Head,
            ["options"] = writer.Write(
                options with { FlatFiles = Full(options.FlatFiles), DarkFiles = Full(options.DarkFiles), AnglesDegrees = options.AnglesDegrees?.ToArray() }, typeof(ScanOptions)),
        };
    }

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        var path = json.GetProperty("path").GetString()!;
        var expected = new FileIdentity(
            json.GetProperty("files").GetInt32(), json.GetProperty("bytes").GetInt64(), json.GetProperty("modified").GetString()!, json.GetProperty("headSha256").GetString()!);
        FileIdentity found;
        try
        {
            found = Facts(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataFormatException or EndpointException)
        {
            throw new EndpointException($"the scan {path} is not to be found on this machine: it does not share that folder. Materialize the part that you need (scan.Frames.Materialize(), or a region of it) and send that", e);
        }

        if (found != expected)
        {
            throw new EndpointException(
                $"the scan {path} is another one on this machine ({found.Files} files, {found.Bytes} bytes, changed {found.Modified}; " +
                $"sent {expected.Files} files, {expected.Bytes} bytes, changed {expected.Modified}). Materialize the part that you need and send that");
        }

        return TomographyScan.Open(path, (ScanOptions)reader.Read(json.GetProperty("options"), typeof(ScanOptions))!);
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    /// <summary>Not a hash of everything: that of a terabyte takes longer than most jobs.</summary>
    private static FileIdentity Facts(string path)
    {
        var files = Directory.Exists(path)
            ? [.. new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories)]
            : FileList.Expand(path).Select(f => new FileInfo(f)).ToArray();
        if (files.Length == 0)
        {
            throw new EndpointException($"{path} has no files");
        }

        var first = files.MinBy(f => f.FullName, StringComparer.Ordinal)!;
        var head = new byte[HeadBytes];
        using var stream = new FileStream(first.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        var read = stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        return new FileIdentity(
            files.Length, files.Sum(f => f.Length), files.Max(f => f.LastWriteTimeUtc).ToString("O"), Convert.ToHexStringLower(SHA256.HashData(head.AsSpan(0, read))));
    }

    private sealed record FileIdentity(int Files, long Bytes, string Modified, string Head);
}
