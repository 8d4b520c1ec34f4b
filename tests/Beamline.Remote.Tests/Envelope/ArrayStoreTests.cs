using System.Security.Cryptography;

namespace Beamline.Remote.Tests;

/// <summary>The store of arrays: what is in it is whole and has its hash.</summary>
public sealed class ArrayStoreTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();
    private readonly ArrayStore _store;

    public ArrayStoreTests() => _store = new ArrayStore(_folder.File("store"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_found_by_its_hash_and_closed_to_others()
    {
        var bytes = RandomNumberGenerator.GetBytes(3_000_000);
        var array = _store.Add(Content(bytes));
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal((hash, 3_000_000L), (array.Sha256, array.Bytes));
        Assert.True(_store.Has(hash));
        Assert.Equal(Path.Combine(_store.Folder, hash[..2], hash), _store.PathOf(hash));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_store.PathOf(hash)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(_store.PathOf(hash))!));
        using (var file = _store.Open(hash))
        {
            Assert.Equal(bytes.Length, file.Length);
        }

        var none = new string('0', 64);
        Assert.Equal([none], _store.Missing([hash, none, none]));
        Assert.Contains("Send it again", Assert.Throws<EndpointException>(() => _store.Open(none)).Message);
        Assert.Throws<EndpointException>(() => _store.PathOf(none));
        Assert.Equal(hash, _store.AddFile(_store.PathOf(hash)));
        Assert.Equal(3_000_000, _store.SizeBytes());
    }

    [Fact]
    public void Results_of_a_job_are_there_without_a_copy()
    {
        var bytes = RandomNumberGenerator.GetBytes(100_000);
        var folder = JobFolder.Create(_folder.File("jobs"), Id, Jobs.Unsigned(Id));
        var array = folder.OutputSink(_store).Add(Content(bytes));
        var file = Path.Combine(folder.Layout.OutputFolder, OutputFolderSink.NameOf(array));
        Assert.Equal(bytes, File.ReadAllBytes(_store.PathOf(array.Sha256)));
        Assert.Equal(100_000, _store.SizeBytes());
        Assert.Equal("2", Links(file));
        Assert.True(_store.TryLink(file, array.Sha256));

        // Gone on one side, there on the other.
        File.Delete(file);
        Assert.True(_store.Has(array.Sha256));
        Assert.False(_store.TryLink(_folder.File("none"), new string('0', 64)));
        Assert.False(_store.Has(new string('0', 64)));

        static string Links(string path)
        {
            using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%h", path]) { RedirectStandardOutput = true })!;
            return stat.StandardOutput.ReadToEnd().Trim();
        }
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("")]
    [InlineData("ABCDEF")]
    public async Task A_hash_that_is_a_path_is_refused(string hash)
    {
        Assert.Throws<EndpointException>(() => _store.Has(hash));
        Assert.Throws<EndpointException>(() => _store.Open(hash));
        await Assert.ThrowsAsync<EndpointException>(() => _store.AddAsync(Stream.Null, hash, 10, default));
    }

    [Fact]
    public async Task Uploads_are_verified_and_limited()
    {
        var bytes = RandomNumberGenerator.GetBytes(2_500_000);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Contains("damaged on the way", (await Assert.ThrowsAsync<EndpointException>(() => _store.AddAsync(new MemoryStream(bytes[..^1]), hash, 1 << 30, default))).Message);
        Assert.Contains("longer than", (await Assert.ThrowsAsync<EndpointException>(() => _store.AddAsync(new MemoryStream(bytes), hash, 2_499_999, default))).Message);
        await Assert.ThrowsAsync<IOException>(() => _store.AddAsync(new Broken(bytes), hash, 1 << 30, default));
        Assert.Empty(Files());
        Assert.Equal(bytes.Length, await _store.AddAsync(new MemoryStream(bytes), hash, bytes.Length, default));
        Assert.Equal(0, await _store.AddAsync(new Broken([]), hash, bytes.Length, default));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_store.PathOf(hash)));
    }

    [Fact]
    public void Links_are_not_arrays()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData("secret"u8));
        Directory.CreateDirectory(Path.Combine(_store.Folder, hash[..2]));
        var place = Path.Combine(_store.Folder, hash[..2], hash);
        var secret = _folder.Write("secret", "secret");
        File.CreateSymbolicLink(place, secret);
        Assert.False(_store.Has(hash));
        Assert.Contains("link", Assert.Throws<EndpointException>(() => _store.Open(hash)).Message);
        Assert.Equal(0, _store.SizeBytes());
        // Adding it puts the file in the link's place.
        _store.Add(Content("secret"u8.ToArray()));
        Assert.True(_store.Has(hash));
        Assert.Null(new FileInfo(place).LinkTarget);

        var other = new ArrayStore(_folder.File("other"));
        Directory.CreateSymbolicLink(Path.Combine(other.Folder, hash[..2]), Path.Combine(_store.Folder, hash[..2]));
        Assert.False(other.Has(hash));
        Assert.Throws<EndpointException>(() => other.Open(hash));
        Directory.CreateSymbolicLink(_folder.File("linked"), _store.Folder);
        Assert.Contains("link", Assert.Throws<EndpointException>(() => new ArrayStore(_folder.File("linked"))).Message);
    }

    [Fact]
    public void Many_add_the_same_at_once()
    {
        var contents = Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetBytes(400_000)).ToArray();
        Parallel.For(0, 40, i => _store.Add(Content(contents[i % 4])));
        Assert.Equal(4, Files().Count);
        Assert.All(contents, c => Assert.Equal(c, File.ReadAllBytes(_store.PathOf(Convert.ToHexStringLower(SHA256.HashData(c))))));
    }

    [Fact]
    public void A_full_disk_is_said_with_sizes_and_leaves_nothing()
    {
        var written = 0;
        var content = new ArrayContent("<f4", [1], 100 << 20, stream =>
        {
            stream.Write(new byte[1 << 20]);
            written++;
            // As .NET says it: ENOSPC.
            throw new IOException("No space left on device", 28);
        });
        var error = Assert.Throws<EndpointException>(() => _store.Add(content));
        Assert.Matches("The disk is full: .* needs 100 MiB and .* (are|is) free", error.Message);
        Assert.Equal(1, written);
        Assert.Empty(Files());
    }

    [Fact]
    public void An_array_that_was_used_since_it_was_listed_stays()
    {
        var hashes = Enumerable.Range(0, 3).Select(i => _store.Add(Content([.. Enumerable.Repeat((byte)i, 1000)])).Sha256).ToArray();
        foreach (var hash in hashes)
        {
            File.SetLastWriteTimeUtc(_store.PathOf(hash), DateTime.UtcNow.AddDays(-10));
        }

        File.WriteAllText(Path.Combine(_store.Folder, ".array.x.part"), "left");
        File.SetLastWriteTimeUtc(Path.Combine(_store.Folder, ".array.x.part"), DateTime.UtcNow.AddDays(-2));
        File.WriteAllText(Path.Combine(_store.Folder, ".array.y.part"), "being written");
        var list = _store.List().ToDictionary(a => a.Sha256);
        Assert.Equal(hashes.Order(), list.Keys.Order());
        Assert.All(list.Values, a => Assert.Equal((1000, 10), (a.Bytes, (int)Math.Round((DateTimeOffset.UtcNow - a.Used).TotalDays))));
        // Whoever sends it again, reads it or names it in a job uses it.
        Assert.True(_store.Use(hashes[1]));
        _store.Open(hashes[2]).Dispose();
        Assert.Equal([1000L, 0, 0], hashes.Select(h => _store.Remove(list[h])));
        Assert.Equal([false, true, true], hashes.Select(_store.Has));
        Assert.False(_store.Use(hashes[0]));
        Assert.Equal(0, _store.Remove(list[hashes[0]]));
        Assert.Equal(4, _store.RemoveLeftovers());
        Assert.True(File.Exists(Path.Combine(_store.Folder, ".array.y.part")));
    }

    private static ArrayContent Content(byte[] bytes) => new("file", [], bytes.Length, stream => stream.Write(bytes));

    private List<string> Files() => [.. Directory.EnumerateFiles(_store.Folder, "*", SearchOption.AllDirectories)];

    /// <summary>A line that breaks after its bytes.</summary>
    private sealed class Broken(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The line is broken.");
    }
}
