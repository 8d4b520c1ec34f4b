using System.Collections.Concurrent;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Transforms of 16 complex lanes by length. Tables are small, and lazy stacks have no end to free them at: they stay.</summary>
internal static class FourierTables
{
    internal const int Lanes = 32;

    private static readonly ConcurrentDictionary<int, LaneFft> Known = [];

    internal static LaneFft Of(int length) => Known.GetOrAdd(length, n => new LaneFft(n, Lanes));
}
