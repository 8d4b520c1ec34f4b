namespace Beamline.Remote;

/// <summary>Takes values apart and together as docs/envelope.md says, and signs with the user's key.</summary>
/// <param name="codecs">Gives the codecs that are there now: extensions bring theirs while the notebook runs.</param>
/// <param name="openKey">Opens the key when it is first needed.</param>
internal sealed class EnvelopeCodec(Func<ValueCodecs> codecs, Func<JobSigner> openKey) : IJobCodec
{
    private readonly Lazy<JobSigner> _signer = new(openKey);

    public EncodedInput Encode(CapturedInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var encoded = codecs().Encode(input.Name, input.TypeName, input.Type, input.Value);
        return new EncodedInput(encoded.Value, encoded.Arrays);
    }

    public object? Decode(JobValue value, Type type, IReadOnlyList<string> files)
    {
        var paths = value.Arrays.Zip(files).DistinctBy(p => p.First.Sha256).ToDictionary(p => p.First.Sha256, p => p.Second, StringComparer.Ordinal);
        return codecs().Decode(value, type, array => paths[array.Sha256], new DecodeOptions { Map = true });
    }

    public SignedJob Sign(JobDescription job) => _signer.Value.Sign(job);
}
