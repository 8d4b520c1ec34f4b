using System.Globalization;

namespace Beamline.Remote.Slurm;

/// <summary>A work folder on the other side of ssh, by the plainest programs of POSIX and GNU's stat.</summary>
internal sealed class SshFiles(ICommandHost host) : IJobFiles
{
    /// <summary>Paths in one command: their sum must stay below what an argument may have.</summary>
    private const int AtOnce = 200;

    public bool IsShared => false;

    public Task CreateFolderAsync(string path, CancellationToken cancellationToken) => RunAsync(
        "umask 077; exec mkdir -p -- \"$1\"", [path], null, null, cancellationToken);

    public Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part";
        // The number of bytes is not known before; a broken line must not make half a file a whole one, so the sender says the end.
        return CopyThenMoveAsync();

        async Task CopyThenMoveAsync()
        {
            await RunAsync("umask 077; exec cat > \"$1\"", [part], write, null, cancellationToken).ConfigureAwait(false);
            await RunAsync("exec mv -f -- \"$1\" \"$2\"", [part, path], null, null, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<byte[]?>> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var found = new List<byte[]?>();
        foreach (var some in paths.Chunk(AtOnce))
        {
            var text = await RunAsync(
                "for f do if [ -f \"$f\" ]; then base64 -w0 < \"$f\"; echo .; else echo -; fi; done", some, null, null, cancellationToken).ConfigureAwait(false);
            var lines = text.Split('\n');
            found.AddRange(some.Select((_, i) => lines[i] == "-" ? null : Convert.FromBase64String(lines[i].TrimEnd('.'))));
        }

        return found;
    }

    public async Task<IReadOnlySet<string>> UseAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>();
        foreach (var some in paths.Chunk(AtOnce))
        {
            var text = await RunAsync("for f do [ -f \"$f\" ] && touch -c -- \"$f\" && echo 1 || echo 0; done", some, null, null, cancellationToken).ConfigureAwait(false);
            var lines = text.Split('\n');
            found.UnionWith(some.Where((_, i) => lines[i] == "1"));
        }

        return found;
    }

    public async Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken) =>
        (await RunAsync("[ -d \"$1\" ] || exit 0; exec ls -1 -- \"$1\"", [folder], null, null, cancellationToken).ConfigureAwait(false))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<IReadOnlyList<FileFacts>> TreeAsync(string folder, CancellationToken cancellationToken)
    {
        // A job may give its files any name but one with a zero byte.
        var text = await RunAsync("[ -d \"$1\" ] || exit 0; exec find \"$1\" -type f -printf '%s %T@ %P\\0'", [folder], null, null, cancellationToken).ConfigureAwait(false);
        return [.. text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 3)).Select(f =>
            new FileFacts(f[2], long.Parse(f[0], CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(f[1], CultureInfo.InvariantCulture))))];
    }

    public async Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        foreach (var some in paths.Chunk(AtOnce))
        {
            await RunAsync("exec rm -rf -- \"$@\"", some, null, null, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task DeleteUnusedAsync(IReadOnlyList<string> paths, DateTimeOffset since, CancellationToken cancellationToken)
    {
        foreach (var some in paths.Chunk(AtOnce))
        {
            await RunAsync(
                "t=$1; shift; exec find \"$@\" -maxdepth 0 -type f ! -newermt \"@$t\" -delete", [Text(since.ToUnixTimeSeconds()), .. some], null, null, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<bool> CreateNewAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        // The shell opens with O_EXCL then. It says the same of every error; a second try tells one that is gone again from one that cannot be.
        var text = await RunAsync(
            "umask 077; set -C; if { cat > \"$1\"; } 2>/dev/null; then echo new; elif [ -e \"$1\" ]; then echo there; " +
            "elif { cat > \"$1\"; }; then echo new; elif [ -e \"$1\" ]; then echo there; else exit 1; fi",
            [path], (stream, token) => stream.WriteAsync(bytes, token).AsTask(), null, cancellationToken).ConfigureAwait(false);
        return text.Trim() == "new";
    }

    public async Task<byte[]> FollowAsync(string path, long offset, int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        // The other side waits: a question for each look would be a journey each.
        await RunAsync(
            "i=0; while s=$(stat -c %s -- \"$1\" 2>/dev/null || echo 0); [ \"$s\" -le \"$2\" ] && [ $i -lt \"$4\" ]; do sleep 0.1; i=$((i+1)); done; " +
            "[ \"$s\" -le \"$2\" ] || tail -c +$(($2 + 1)) -- \"$1\" | head -c \"$3\"",
            [path, Text(offset), Text(limit), Text((long)(wait.TotalSeconds * 10))], null, bytes, cancellationToken).ConfigureAwait(false);
        return bytes.ToArray();
    }

    public Task CopyAsync(string path, Stream target, CancellationToken cancellationToken) =>
        RunAsync("exec cat -- \"$1\"", [path], null, target, cancellationToken);

    private async Task<string> RunAsync(
        string script, string[] arguments, Func<Stream, CancellationToken, Task>? input, Stream? output, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(["/bin/sh", "-c", script, "sh", .. arguments], input, output, cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0 ? result.Text : throw new EndpointException(
            $"{arguments[0]} on {host.Name} cannot be used: {(result.Error.Length > 0 ? result.Error : $"exit code {result.ExitCode}")}. " +
            "The field workFolder must be a folder of yours with space, which the login node and the nodes share.");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
