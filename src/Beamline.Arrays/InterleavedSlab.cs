namespace Beamline.Arrays;

/// <summary>
/// A block of 16 or 32 slices with the slice index fastest: [outer, inner, lane]. For sinograms outer is the angle
/// and inner the column; for images outer is y and inner x. One index and one weight then serve all lanes with
/// full-width vector loads, which is where the speed of the CPU operators comes from.
/// </summary>
/// <remarks>
/// Each outer row has <see cref="Pad"/> columns of zeros before and after its inner elements, and images have as
/// many rows of zeros above and below (<see cref="OuterPad"/>), so that operators need no bounds checks.
/// They must stay zero.
/// </remarks>
public sealed unsafe class InterleavedSlab : IDisposable
{
    private readonly ArrayMemory<float> _memory;

    /// <summary>Allocates a slab of zeros.</summary>
    /// <param name="outerCount">Number of angles, or of image rows.</param>
    /// <param name="innerCount">Number of columns.</param>
    /// <param name="lanes">Number of interleaved slices: 16 or 32.</param>
    /// <param name="pad">Columns of zeros on each side.</param>
    /// <param name="outerPad">Rows of zeros above and below.</param>
    public InterleavedSlab(int outerCount, int innerCount, int lanes = 32, int pad = 2, int outerPad = 0)
        : this(outerCount, innerCount, lanes, pad, outerPad, isCleared: true)
    {
    }

    private InterleavedSlab(int outerCount, int innerCount, int lanes, int pad, int outerPad, bool isCleared)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outerCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(innerCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(pad);
        ArgumentOutOfRangeException.ThrowIfNegative(outerPad);
        if (lanes is not (16 or 32))
        {
            throw new ArgumentOutOfRangeException(nameof(lanes), lanes, "A slab has 16 or 32 lanes.");
        }

        (OuterCount, InnerCount, Lanes, Pad, OuterPad) = (outerCount, innerCount, lanes, pad, outerPad);
        RowStride = ((long)innerCount + (2 * pad)) * lanes;
        var floats = BytesNeeded(outerCount + (2 * outerPad), innerCount, lanes, pad) / sizeof(float);
        _memory = isCleared ? ArrayMemory.Allocate<float>(floats) : ArrayMemory.AllocateToFill<float>(floats);
        if (!isCleared)
        {
            ClearPadding();
        }
    }

    /// <summary>Number of angles, or of image rows.</summary>
    public int OuterCount { get; }

    /// <summary>Number of columns without the padding.</summary>
    public int InnerCount { get; }

    /// <summary>Number of interleaved slices.</summary>
    public int Lanes { get; }

    /// <summary>Columns of zeros on each side.</summary>
    public int Pad { get; }

    /// <summary>Rows of zeros above and below.</summary>
    public int OuterPad { get; }

    /// <summary>
    /// 0 when every lane is a slice of its own. Otherwise the lanes belong to one volume [outer, inner, depth]: its depth is cut in so many pieces of
    /// <see cref="Lanes"/>, which follow each other as inner elements, and sums over the slab go over all lanes.
    /// </summary>
    public int PiecesOfDepth { get; init; }

    /// <summary>Floats from one outer row to the next.</summary>
    public long RowStride { get; }

    /// <summary>Address of lane 0 of inner element 0 of outer row 0 (behind the padding).</summary>
    /// <exception cref="ObjectDisposedException">The slab was disposed.</exception>
    public float* Origin => _memory.Pointer + OriginOffset;

    /// <summary>Floats from the start of the memory to <see cref="Origin"/>.</summary>
    public long OriginOffset => (OuterPad * RowStride) + ((long)Pad * Lanes);

    /// <summary>Floats of the whole slab, padding included.</summary>
    public long FloatCount => _memory.Length;

    /// <summary>Bytes that a slab of this shape takes.</summary>
    /// <param name="outerCount">Number of angles, or of image rows.</param>
    /// <param name="innerCount">Number of columns.</param>
    /// <param name="lanes">Number of interleaved slices.</param>
    /// <param name="pad">Columns of zeros on each side.</param>
    public static long BytesNeeded(int outerCount, int innerCount, int lanes = 32, int pad = 2) =>
        (long)outerCount * (innerCount + (2L * pad)) * lanes * sizeof(float);

    /// <summary>One value.</summary>
    /// <param name="outer">Angle or image row.</param>
    /// <param name="inner">Column.</param>
    /// <param name="lane">Slice within the slab.</param>
    public float this[int outer, int inner, int lane]
    {
        get => *Element(outer, inner, lane);
        set => *Element(outer, inner, lane) = value;
    }

    /// <summary>Sets everything to zero.</summary>
    public void Clear() => _memory.Clear();

    /// <summary>Copies one row of one slice into its lane.</summary>
    /// <param name="outer">Angle or image row.</param>
    /// <param name="lane">Slice within the slab.</param>
    /// <param name="values">Exactly <see cref="InnerCount"/> values.</param>
    public void SetRow(int outer, int lane, ReadOnlySpan<float> values)
    {
        CheckRow(outer, lane, values.Length);
        var target = Origin + (outer * RowStride) + lane;
        var stride = Lanes;
        for (var i = 0; i < values.Length; i++)
        {
            target[(long)i * stride] = values[i];
        }

        GC.KeepAlive(this);
    }

    /// <summary>Copies one row of one slice out of its lane.</summary>
    /// <param name="outer">Angle or image row.</param>
    /// <param name="lane">Slice within the slab.</param>
    /// <param name="values">Exactly <see cref="InnerCount"/> values.</param>
    public void GetRow(int outer, int lane, Span<float> values)
    {
        CheckRow(outer, lane, values.Length);
        var source = Origin + (outer * RowStride) + lane;
        var stride = Lanes;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = source[(long)i * stride];
        }

        GC.KeepAlive(this);
    }

    /// <summary>Copies one row of several slices into the first lanes: the quick way to fill a slab.</summary>
    /// <param name="outer">Angle or image row.</param>
    /// <param name="values">The rows of the slices, one after the other at a distance.</param>
    /// <param name="laneStride">Values from one slice's row to the next slice's.</param>
    /// <param name="laneCount">Number of slices, at most <see cref="Lanes"/>.</param>
    public void SetLanes(int outer, ReadOnlySpan<float> values, int laneStride, int laneCount)
    {
        CheckLanes(outer, values.Length, laneStride, laneCount);
        fixed (float* source = values)
        {
            LaneTranspose.ToLanes(source, laneStride, laneCount, Origin + (outer * RowStride), Lanes, InnerCount);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Copies one row of the first lanes out to several slices.</summary>
    /// <param name="outer">Angle or image row.</param>
    /// <param name="values">Where the rows of the slices go, one after the other at a distance.</param>
    /// <param name="laneStride">Values from one slice's row to the next slice's.</param>
    /// <param name="laneCount">Number of slices, at most <see cref="Lanes"/>.</param>
    public void GetLanes(int outer, Span<float> values, int laneStride, int laneCount)
    {
        CheckLanes(outer, values.Length, laneStride, laneCount);
        fixed (float* target = values)
        {
            LaneTranspose.FromLanes(Origin + (outer * RowStride), Lanes, target, laneStride, laneCount, InnerCount);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();

    /// <summary>A slab of which only the padding is zero: for callers that write every element before reading it.</summary>
    internal static InterleavedSlab ToFill(int outerCount, int innerCount, int lanes, int pad) => new(outerCount, innerCount, lanes, pad, 0, isCleared: false);

    private void ClearPadding()
    {
        var side = Pad * Lanes;
        for (var outer = 0; outer < OuterCount; outer++)
        {
            var row = Origin + (outer * RowStride);
            new Span<float>(row - side, side).Clear();
            new Span<float>(row + ((long)InnerCount * Lanes), side).Clear();
        }
    }

    private void CheckLanes(int outer, int length, int laneStride, int laneCount)
    {
        Check.Index(outer, OuterCount, "row");
        Check.Index(laneCount - 1, Lanes, "lane");
        if (laneStride < InnerCount || length < ((long)(laneCount - 1) * laneStride) + InnerCount)
        {
            throw new ArgumentException(
                $"{laneCount} rows of {InnerCount} values at a distance of {laneStride} do not fit {length} values.");
        }
    }

    private float* Element(int outer, int inner, int lane)
    {
        Check.Index(outer, OuterCount, "row");
        Check.Index(inner, InnerCount, "column");
        Check.Index(lane, Lanes, "lane");
        return Origin + (outer * RowStride) + ((long)inner * Lanes) + lane;
    }

    private void CheckRow(int outer, int lane, int length)
    {
        Check.Index(outer, OuterCount, "row");
        Check.Index(lane, Lanes, "lane");
        if (length != InnerCount)
        {
            throw new ArgumentException($"A row has {InnerCount} values, not {length}.");
        }
    }
}
