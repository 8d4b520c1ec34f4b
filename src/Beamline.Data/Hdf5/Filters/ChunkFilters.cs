using PureHDF.Filters;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>The filters that Beamline undoes itself.</summary>
internal static class ChunkFilters
{
    private static readonly Dictionary<int, ChunkFilter> Known = new ChunkFilter[]
    {
        new DeflateChunkFilter(), new ShuffleChunkFilter(), new Fletcher32ChunkFilter(), new LzfChunkFilter(), new Lz4ChunkFilter(),
        new BitshuffleChunkFilter(), new BloscChunkFilter(), new ZstdChunkFilter(),
    }.ToDictionary(f => f.Id);

    private static readonly Lazy<bool> Registered = new(Register);

    /// <summary>Whether one filter is known here.</summary>
    internal static bool Has(int id) => Known.ContainsKey(id);

    /// <summary>The filter with a number that <see cref="Has"/> confirmed.</summary>
    internal static ChunkFilter Get(int id) => Known[id];

    /// <summary>Lets PureHDF use our filters where it reads by itself: the sources of virtual datasets.</summary>
    internal static void EnsureRegistered() => _ = Registered.Value;

    private static bool Register()
    {
        foreach (var filter in Known.Values.Where(f => f.Id >= 32000))
        {
            H5Filter.Register(new PureHdfFilter(filter));
        }

        return true;
    }

    private sealed class PureHdfFilter(ChunkFilter filter) : IH5Filter
    {
        public ushort FilterId => (ushort)filter.Id;

        public string Name => Hdf5Guards.NameOfFilter(filter.Id, "");

        public Memory<byte> Filter(FilterInfo info)
        {
            if (!info.Flags.HasFlag(H5FilterFlags.Decompress))
            {
                throw new NotSupportedException($"Beamline does not write {Name}.");
            }

            var decoded = new byte[info.ChunkSize];
            return decoded.AsMemory(0, filter.Decode(info.Buffer.Span, info.Parameters, decoded));
        }

        public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
            throw new NotSupportedException($"Beamline does not write {Name}.");
    }
}
