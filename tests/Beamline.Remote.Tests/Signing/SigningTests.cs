using System.Security.Cryptography;
using System.Text;

namespace Beamline.Remote.Tests;

/// <summary>Who is let in, and with what each of the others is sent away.</summary>
public sealed class SigningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new() { Now = Jobs.Noon.AddMinutes(1) };
    private readonly JobSigner _signer;

    public SigningTests() => _signer = JobSigner.Open(_folder.File("keys"));

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_job_as_it_was_signed_is_accepted_once()
    {
        using var nonces = NonceBook.Open(_folder.File("nonces"), _clock);
        var verifier = new JobVerifier(Trusted, nonces, _clock);
        var job = _signer.Sign(Jobs.Full());
        var verdict = verifier.Accept(job);
        Assert.Equal((Refusal.None, "", "cell 7"), (verdict.Refusal, verdict.Message, verdict.JobOrThrow().Label));
        var again = verifier.Accept(job);
        Assert.Equal(Refusal.Replayed, again.Refusal);
        Assert.Contains("sent before", Assert.Throws<EndpointException>(again.JobOrThrow).Message);
        // The worker looks at it once more, at any time.
        _clock.Now += TimeSpan.FromDays(3);
        Assert.True(new JobVerifier(Trusted, null, _clock).Check(job).IsAccepted);
    }

    [Fact]
    public void Each_byte_counts()
    {
        var job = _signer.Sign(Jobs.Full());
        var verifier = new JobVerifier(Trusted, null, _clock);
        for (var place = 0; place < job.Json.Length; place += 7)
        {
            var json = job.Json.ToArray();
            json[place] ^= 1;
            Assert.Equal(Refusal.Tampered, verifier.Check(job with { Json = json }).Refusal);
        }

        var signature = Convert.FromBase64String(job.Signature.Value);
        for (var place = 0; place < signature.Length; place++)
        {
            var other = signature.ToArray();
            other[place] ^= 1;
            Assert.Equal(Refusal.Tampered, verifier.Check(job with { Signature = job.Signature with { Value = Convert.ToBase64String(other) } }).Refusal);
        }
    }

    [Fact]
    public void A_key_that_is_not_trusted_is_refused_whatever_it_calls_itself()
    {
        using var other = JobSigner.Open(_folder.File("others"));
        var job = other.Sign(Jobs.Full());
        var verifier = new JobVerifier(Trusted, null, _clock);
        var verdict = verifier.Check(job);
        Assert.Equal(Refusal.Untrusted, verdict.Refusal);
        Assert.Contains(other.KeyId, verdict.Message);
        Assert.Equal(Refusal.KeyMismatch, verifier.Check(job with { Signature = job.Signature with { KeyId = _signer.KeyId } }).Refusal);
        Assert.Equal(Refusal.Tampered, verifier.Check(job with { Signature = job.Signature with { KeyId = _signer.KeyId, PublicKey = _signer.PublicKey } }).Refusal);
    }

    [Theory]
    [InlineData("no base64!", null, null)]
    [InlineData(null, "no base64!", null)]
    [InlineData(null, "AAAA", null)]
    [InlineData(null, "", null)]
    [InlineData(null, null, "../../key")]
    public void A_damaged_signature_is_malformed(string? key, string? value, string? id)
    {
        var job = _signer.Sign(Jobs.Full());
        var signature = job.Signature with { PublicKey = key ?? job.Signature.PublicKey, Value = value ?? job.Signature.Value, KeyId = id ?? job.Signature.KeyId };
        Assert.Equal(Refusal.Malformed, new JobVerifier(Trusted).Check(job with { Signature = signature }).Refusal);
    }

    [Fact]
    public void Keys_of_another_kind_are_refused_even_if_somebody_trusts_them()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var koblitz = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));
        using var rsa = RSA.Create(2048);
        var json = JobDescriptionFile.Write(Jobs.Full());
        foreach (var key in (byte[][])[curve.ExportSubjectPublicKeyInfo(), koblitz.ExportSubjectPublicKeyInfo(), rsa.ExportSubjectPublicKeyInfo(), [1, 2, 3]])
        {
            var id = Convert.ToHexStringLower(SHA256.HashData(key));
            var signature = new JobSignature(id, Convert.ToBase64String(key), Convert.ToBase64String(koblitz.SignData(json, HashAlgorithmName.SHA256)));
            Assert.Equal(Refusal.WrongKeyKind, new JobVerifier(new HashSet<string> { id }).Check(new SignedJob(json, signature)).Refusal);
        }
    }

    [Theory]
    [InlineData(-5.9, Refusal.NotYetValid)]
    [InlineData(-4.9, Refusal.None)]
    [InlineData(19.9, Refusal.None)]
    [InlineData(20.1, Refusal.Expired)]
    public void The_clock_has_five_minutes(double minutes, object expected)
    {
        _clock.Now = Jobs.Noon.AddMinutes(minutes);
        Assert.Equal((Refusal)expected, new JobVerifier(Trusted, null, _clock).Accept(_signer.Sign(Jobs.Full())).Refusal);
    }

    [Fact]
    public void A_job_that_outlives_the_memory_of_nonces_is_refused() =>
        Assert.Equal(Refusal.ValidTooLong, new JobVerifier(Trusted, null, _clock).Accept(_signer.Sign(Jobs.Full() with { Expires = Jobs.Noon.AddDays(30) })).Refusal);

    [Fact]
    public void What_is_signed_must_be_canonical_and_a_job()
    {
        var json = JobDescriptionFile.Write(Jobs.Full());
        Assert.Equal(Refusal.NotCanonical, Check(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace("\"device\":", "\"device\": ", StringComparison.Ordinal))).Refusal);
        Assert.Equal(Refusal.BadJob, Check(Encoding.UTF8.GetBytes("{}")).Refusal);
        Assert.Equal(Refusal.BadJob, Check(json[..^1]).Refusal);

        Verdict Check(byte[] bytes) => new JobVerifier(Trusted).Check(new SignedJob(bytes, Sign(bytes)));

        JobSignature Sign(byte[] bytes)
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(Path.Combine(_folder.File("keys"), JobSigner.FileName)));
            return new JobSignature(_signer.KeyId, _signer.PublicKey, Convert.ToBase64String(key.SignData(bytes, HashAlgorithmName.SHA256)));
        }
    }

    [Fact]
    public void The_key_is_made_once_and_its_file_is_closed()
    {
        var path = Path.Combine(_folder.File("keys"), JobSigner.FileName);
        using (var again = JobSigner.Open(_folder.File("keys")))
        {
            Assert.Equal(_signer.KeyId, again.KeyId);
        }

        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<EndpointException>(() => JobSigner.Open(_folder.File("keys"))).Message);
        File.Delete(path);
        File.CreateSymbolicLink(path, _folder.Write("elsewhere", "x"));
        Assert.Contains("link", Assert.Throws<EndpointException>(() => JobSigner.Open(_folder.File("keys"))).Message);
        File.Delete(path);
        File.WriteAllText(path, "garbage");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Assert.Contains("P-256", Assert.Throws<EndpointException>(() => JobSigner.Open(_folder.File("keys"))).Message);
    }

    [Fact]
    public void Twenty_notebooks_that_start_at_once_have_one_key()
    {
        var keys = _folder.File("fresh");
        var ids = new string[20];
        Parallel.For(0, 20, i =>
        {
            using var signer = JobSigner.Open(keys);
            ids[i] = signer.KeyId;
        });
        Assert.Single(ids.Distinct());
        Assert.Equal([JobSigner.FileName, JobSigner.FileName + ".lock"], Directory.GetFiles(keys).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Lists_of_trusted_keys_are_read_and_refused_by_line()
    {
        TrustedKeys.Write(_folder.File("trust.json"), [_signer.KeyId, _signer.KeyId]);
        Assert.Equal([_signer.KeyId], TrustedKeys.Read(_folder.File("trust.json")));
        Assert.Contains("no identifier", Assert.Throws<EndpointException>(() => TrustedKeys.Read(_folder.Write("bad", "[\"x\"]"))).Message);
        Assert.Throws<EndpointException>(() => TrustedKeys.Read(_folder.Write("bad", "[null]")));
        Assert.Throws<EndpointException>(() => TrustedKeys.Read(_folder.Write("bad", "{}")));
        Assert.Throws<EndpointException>(() => TrustedKeys.Read(_folder.File("none")));
    }

    [Fact]
    public void The_book_of_nonces_remembers_over_restarts_and_forgets_what_expired()
    {
        var path = _folder.File("book/nonces");
        using (var book = NonceBook.Open(path, _clock))
        {
            Assert.True(book.Add("k", "a", _clock.Now.AddMinutes(10)));
            Assert.True(book.Add("k", "b", _clock.Now.AddMinutes(60)));
            Assert.True(book.Add("other", "a", _clock.Now.AddMinutes(60)));
            Assert.False(book.Add("k", "a", _clock.Now.AddMinutes(10)));
            Assert.Contains("another", Assert.Throws<EndpointException>(() => NonceBook.Open(path, _clock)).Message, StringComparison.OrdinalIgnoreCase);
        }

        // A process that was killed while it wrote.
        File.AppendAllText(path, "17");
        using (var book = NonceBook.Open(path, _clock))
        {
            Assert.Equal(3, book.Count);
            Assert.False(book.Add("k", "a", _clock.Now.AddMinutes(10)));
        }

        _clock.Now += TimeSpan.FromMinutes(11);
        using (var book = NonceBook.Open(path, _clock))
        {
            Assert.Equal(2, book.Count);
            Assert.True(book.Add("k", "a", _clock.Now.AddMinutes(10)));
            Assert.False(book.Add("k", "b", _clock.Now.AddMinutes(10)));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Of_many_equal_jobs_at_once_one_is_accepted()
    {
        using var nonces = NonceBook.Open(_folder.File("nonces"), _clock);
        var verifier = new JobVerifier(Trusted, nonces, _clock);
        var job = _signer.Sign(Jobs.Full());
        var accepted = 0;
        Parallel.For(0, 16, _ => Interlocked.Add(ref accepted, verifier.Accept(job).IsAccepted ? 1 : 0));
        Assert.Equal(1, accepted);
    }

    private HashSet<string> Trusted => [_signer.KeyId];

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
