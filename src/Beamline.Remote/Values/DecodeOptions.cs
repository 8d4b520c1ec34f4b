namespace Beamline.Remote;

/// <summary>How a value is put together again.</summary>
internal sealed record DecodeOptions
{
    /// <summary>Whether volumes and stacks are mapped from their files instead of read into memory. The files must then stay where they are.</summary>
    public bool Map { get; init; }

    /// <summary>Finds a type that a cell declares by its name, for values whose declared type does not say it; null for none.</summary>
    public Func<string, Type?>? FindType { get; init; }

    /// <summary>Stops the reading.</summary>
    public CancellationToken CancellationToken { get; init; }
}
