namespace Beamline.Remote;

/// <summary>An input that was taken apart.</summary>
/// <param name="Value">What job.json says of it.</param>
/// <param name="Arrays">The files that it names.</param>
internal sealed record EncodedInput(JobValue Value, IReadOnlyList<IArraySource> Arrays)
{
    /// <summary>Bytes of its files, and of itself when it is in job.json.</summary>
    public long Bytes { get; } = Value.Arrays.Sum(a => a.Bytes) + (Value.Json?.ToJsonString().Length ?? 0);
}

/// <summary>Takes values apart and together, and signs.</summary>
internal interface IJobCodec
{
    /// <summary>Takes an input apart.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Ends the hashing of large arrays.</param>
    EncodedInput Encode(CapturedInput input, CancellationToken cancellationToken);

    /// <summary>Puts a result together.</summary>
    /// <param name="value">What the worker wrote.</param>
    /// <param name="type">The type of the variable that it goes to.</param>
    /// <param name="files">The files of its arrays, in order. They stay where they are: large ones are mapped.</param>
    object? Decode(JobValue value, Type type, IReadOnlyList<string> files);

    SignedJob Sign(JobDescription job);
}
