namespace Beamline.Remote;

/// <summary>Where arrays of values go while they are taken apart.</summary>
internal interface IArraySink
{
    /// <summary>Takes a file. An implementation that keeps it writes and hashes in one pass.</summary>
    /// <param name="content">The file.</param>
    /// <returns>What is said of it in the JSON.</returns>
    /// <exception cref="EndpointException">The disk is full.</exception>
    JobArray Add(ArrayContent content);
}

/// <summary>A file that is yet to be hashed.</summary>
/// <param name="DType">As in <see cref="JobArray"/>.</param>
/// <param name="Shape">As in <see cref="JobArray"/>.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="WriteTo">Writes the whole file; may be called more than once.</param>
internal sealed record ArrayContent(string DType, IReadOnlyList<long> Shape, long Bytes, Action<Stream> WriteTo)
{
    /// <summary>Whether writing computes the values, so that it should be done once.</summary>
    public bool IsCostly { get; init; }
}

/// <summary>A value taken apart.</summary>
/// <param name="Value">What goes into the JSON.</param>
/// <param name="Arrays">Files that go beside it and that no sink took, by their hashes.</param>
internal sealed record EncodedValue(JobValue Value, IReadOnlyList<IArraySource> Arrays);
