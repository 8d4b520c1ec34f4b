using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>
/// What a rank says before it exchanges data: which call it makes, on how many values of which type. All ranks see the cards of all, so that
/// calls that do not fit together end in the same error everywhere and not in garbage. A few values travel on the card itself.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct CallCard
{
    public const int Bytes = 64;
    public const int Room = 40;

    private static readonly Type[] Known =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(char), typeof(bool),
        typeof(Half), typeof(float), typeof(double),
    ];

    private static readonly string[] Names = ["byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "char", "bool", "Half", "float", "double"];

    public long Length;
    public int ElementBytes;
    private byte _call;
    private byte _type;
    private byte _reduction;
    private byte _unused;
    public int Root;
    private int _unused2;
    private Values _values;

    public static CallCard Of<T>(RankCall call, long length, int root = 0, Reduction reduction = Reduction.Sum)
        where T : unmanaged => new()
        {
            _call = (byte)call,
            Length = length,
            ElementBytes = Unsafe.SizeOf<T>(),
            _type = (byte)(Array.IndexOf(Known, typeof(T)) + 1),
            _reduction = (byte)reduction,
            Root = root,
        };

    /// <summary>Whether it is the same call on values of the same type.</summary>
    public readonly bool Fits(in CallCard other) =>
        (_call, _type, _reduction, ElementBytes, Root) == (other._call, other._type, other._reduction, other.ElementBytes, other.Root);

    /// <summary>The values that travel on the card.</summary>
    [UnscopedRef]
    public Span<T> Held<T>(int length)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>((Span<byte>)_values)[..length];

    public override readonly string ToString()
    {
        var call = (RankCall)_call;
        if (call is RankCall.Barrier or RankCall.ByNode or RankCall.Split)
        {
            return $"{call}()";
        }

        var values = _type > 0 ? $"{Names[_type - 1]} values" : $"values of {ElementBytes} bytes";
        return FormattableString.Invariant($"{call} of {Length:N0} {values}") +
            (call is RankCall.AllReduce or RankCall.Reduce ? $" ({(Reduction)_reduction})" : "") +
            (call is RankCall.AllReduce or RankCall.AllGather or RankCall.Send ? "" : $" with root {Root}");
    }

    [InlineArray(Room)]
    private struct Values
    {
        private byte _first;
    }
}

/// <summary>Which call a rank makes.</summary>
internal enum RankCall
{
    Barrier = 1,
    Broadcast,
    AllReduce,
    Reduce,
    Gather,
    AllGather,
    Scatter,
    Send,
    Split,
    ByNode,
}
