using System.Security.Cryptography;
using Beamline.Remote;

namespace Beamline.Cli.Tests;

/// <summary>A place with jobs, a store and a key that is trusted.</summary>
internal sealed class JobBench : IDisposable
{
    private readonly JobSigner _signer;

    public JobBench()
    {
        _signer = JobSigner.Open(Folder["keys"]);
        TrustedKeys.Write(Trust, [_signer.KeyId]);
        Store = new ArrayStore(Folder["store"]);
    }

    public TestFolder Folder { get; } = new();

    public string Trust => Folder["trusted.json"];

    public ArrayStore Store { get; }

    public string[] Arguments => ["--trust", Trust, "--store", Store.Folder];

    /// <summary>Makes the folder of a job.</summary>
    /// <param name="source">Its cell.</param>
    /// <param name="change">What else it has.</param>
    /// <param name="signer">Who signs it; null for the key that is trusted.</param>
    public JobFolder Make(string source, Func<JobDescription, JobDescription>? change = null, JobSigner? signer = null)
    {
        var job = new JobDescription
        {
            Id = Guid.NewGuid().ToString("N"),
            Nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            Created = DateTimeOffset.UtcNow,
            Expires = DateTimeOffset.UtcNow.AddHours(1),
            User = "tester",
            Label = "cell 7",
            Source = source,
            Framework = "net10.0",
            Runtime = Environment.Version.ToString(3),
            Beamline = "0.1.0",
        };
        return JobFolder.Create(Folder["jobs"], job.Id, (signer ?? _signer).Sign(change?.Invoke(job) ?? job));
    }

    /// <summary>A value as it travels to the worker.</summary>
    public JobValue Input<T>(string name, string type, T value) => new ValueCodecs().Encode(name, type, typeof(T), value, Store).Value;

    public static T? Output<T>(JobFolder job, string name)
    {
        var value = Assert.Single(job.ReadOutputs()!, v => v.Name == name);
        Assert.Null(value.Problem);
        return (T?)new ValueCodecs().Decode(value, typeof(T), job.OutputPath);
    }

    public static IReadOnlyList<JobEvent> Events(JobFolder job) => job.ReadEvents(0, 1 << 26).Events;

    public static string Text(JobFolder job, string name = "stdout") =>
        string.Concat(Events(job).Where(e => e.Kind == "stream" && e.Name == name).Select(e => e.Text));

    public void Dispose()
    {
        _signer.Dispose();
        Folder.Dispose();
    }
}
