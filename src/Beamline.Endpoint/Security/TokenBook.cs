using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>The tokens of an endpoint: tokens.json (0600). The service and 'beamline endpoint token' may change it at the same time.</summary>
internal sealed class TokenBook(string path)
{
    private readonly Lock _gate = new();
    private (DateTime Time, long Length) _read;
    private Dictionary<string, TokenRecord> _tokens = [];

    public IReadOnlyList<TokenRecord> All()
    {
        lock (_gate)
        {
            Refresh();
            return [.. _tokens.Values.OrderBy(t => t.Created)];
        }
    }

    /// <summary>Makes a token. The text is shown once and not kept.</summary>
    /// <exception cref="EndpointException">The user or a scope is none.</exception>
    public (string Text, TokenRecord Record) Add(string user, IReadOnlyList<string> scopes, DateTimeOffset? expires)
    {
        if (string.IsNullOrWhiteSpace(user) || user.Length > 100 || user.Any(char.IsControl))
        {
            throw new EndpointException("A token needs the name of a user: 1 to 100 characters.");
        }

        if (Scopes.Parse(scopes) is null)
        {
            throw new EndpointException($"'{string.Join(", ", scopes)}' are no scopes. There are submit, read and admin.");
        }

        if (expires <= DateTimeOffset.UtcNow)
        {
            throw new EndpointException("The token would have expired already. Give a time that is to come.");
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var text = $"bl-{id}-{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        var record = new TokenRecord(id, user, [.. scopes.Distinct()], Hash(text), DateTimeOffset.UtcNow) { Expires = expires };
        Change(tokens => tokens[id] = record);
        return (text, record);
    }

    /// <summary>Ends a token; false when there is none of this name.</summary>
    public bool Revoke(string id)
    {
        var found = false;
        Change(tokens => found = tokens.Remove(id));
        return found;
    }

    /// <summary>Holds a token that was sent against those that are known.</summary>
    public (TokenVerdict Verdict, TokenRecord? Token) Check(string text)
    {
        TokenRecord? token;
        lock (_gate)
        {
            Refresh();
            token = _tokens.GetValueOrDefault(text.Split('-', 3) is ["bl", var id, _] ? id : "");
        }

        // The same work for a name that is not known, so that time says nothing.
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        var known = token is null ? new byte[32] : Convert.FromHexString(token.Hash);
        return !CryptographicOperations.FixedTimeEquals(given, known) || token is null ? (TokenVerdict.Unknown, null)
            : token.Expires <= DateTimeOffset.UtcNow ? (TokenVerdict.Expired, token)
            : (TokenVerdict.Good, token);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private void Change(Action<Dictionary<string, TokenRecord>> change)
    {
        lock (_gate)
        {
            using var alone = Alone();
            Refresh();
            var tokens = new Dictionary<string, TokenRecord>(_tokens);
            change(tokens);
            PrivateFile.Replace(path, JobJson.Write(tokens.Values.ToArray()));
            Refresh();
        }
    }

    /// <summary>Keeps other processes from changing the file between reading and writing.</summary>
    private FileStream Alone()
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return PrivateStream.Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (since.Elapsed < TimeSpan.FromSeconds(5) && Directory.Exists(Path.GetDirectoryName(path)))
            {
                Thread.Yield();
            }
        }
    }

    private void Refresh()
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            (_tokens, _read) = ([], default);
            return;
        }

        if ((file.LastWriteTimeUtc, file.Length) != _read)
        {
            _read = (file.LastWriteTimeUtc, file.Length);
            _tokens = JobJson.Read<TokenRecord[]>(File.ReadAllBytes(path), path).ToDictionary(t => t.Id);
        }
    }
}
