namespace Beamline.Remote;

/// <summary>Numbers of bytes as a person reads them.</summary>
internal static class ByteText
{
    /// <summary>For instance "812 bytes", "64 MiB" or "1.5 GiB".</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} bytes",
        < 1L << 20 => $"{bytes / 1024.0:0.#} KiB",
        < 1L << 30 => $"{bytes / (double)(1L << 20):0.#} MiB",
        < 1L << 40 => $"{bytes / (double)(1L << 30):0.#} GiB",
        _ => $"{bytes / (double)(1L << 40):0.#} TiB",
    };
}
