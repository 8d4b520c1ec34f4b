namespace Beamline.Remote;

/// <summary>Takes values apart for a journey and puts them together again, bit by bit the same. May be used from several threads.</summary>
/// <param name="more">Codecs of extensions; they come before those of Beamline.</param>
internal sealed class ValueCodecs(IEnumerable<IValueCodec>? more = null)
{
    private readonly IReadOnlyList<IValueCodec> _codecs = [.. more ?? []];

    /// <summary>Why no value of a type can travel, with what to do; null when one can. Interfaces and base classes are asked again with the value.</summary>
    public string? Refusal(Type type) => throw new NotImplementedException();

    /// <summary>Takes a value apart.</summary>
    /// <param name="name">Name of the variable.</param>
    /// <param name="typeName">Its type as C#.</param>
    /// <param name="declared">Its declared type.</param>
    /// <param name="value">The value.</param>
    /// <param name="sink">Takes the arrays at once; null keeps them as <see cref="EncodedValue.Arrays"/>, hashed and not copied.</param>
    /// <exception cref="EndpointException">It cannot travel: the message names what within it, and what to do.</exception>
    public EncodedValue Encode(string name, string typeName, Type declared, object? value, IArraySink? sink = null) => throw new NotImplementedException();

    /// <summary>Takes a result apart; one that cannot travel says so in <see cref="JobValue.Problem"/>.</summary>
    /// <inheritdoc cref="Encode"/>
    public JobValue EncodeOrProblem(string name, string typeName, Type declared, object? value, IArraySink sink) => throw new NotImplementedException();

    /// <summary>Puts a value together.</summary>
    /// <param name="value">What travelled.</param>
    /// <param name="declared">The type that is wanted.</param>
    /// <param name="fileOf">Path of the file of an array.</param>
    /// <param name="options">How; null for reading everything into memory.</param>
    /// <exception cref="EndpointException">It does not fit the type, a file is missing or damaged, or it has a problem.</exception>
    public object? Decode(JobValue value, Type declared, Func<JobArray, string> fileOf, DecodeOptions? options = null) => throw new NotImplementedException();
}

internal sealed class ValueWriter;

internal sealed class ValueReader;
