using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// A step that needs more than a row at a time. Blocks are computed when something of them is asked for, once, and kept: in
/// memory, or in a scratch file when they do not fit, because readers ask for sinograms and for frames in any order.
/// </summary>
internal abstract class StoredStack : ProjectionStack, IDerivedStack
{
    private const long MostBlockBytes = 256L << 20;

    private readonly Lock _gate = new();
    private bool[] _done = [];
    private int _left = -1;
    private int _blockSize;
    private ArrayMemory<float>? _memory;
    private bool _disposed;

    protected StoredStack(ProjectionStack source, PreprocessingStep step)
        : base(source.AnglesDegrees, source.RowCount, source.ColumnCount)
    {
        Source = source;
        Step = step;
        PixelSize = source.PixelSize;
        Quantity = source.Quantity;
        Provenance = step.After(source);
    }

    public override bool IsLazy => _left != 0;

    public ProjectionStack Source { get; }

    internal string StepName => Step.Name;

    protected PreprocessingStep Step { get; }

    /// <summary>Number of rows or of frames: what the blocks divide.</summary>
    protected abstract int UnitCount { get; }

    /// <summary>Where the units of a region begin and end.</summary>
    protected abstract (int First, int End) UnitsOf(StackRegion region);

    /// <summary>The region of a block of units.</summary>
    protected abstract StackRegion RegionOf(int first, int count);

    /// <summary>Works on a block [angle, row, column] in place. Uses the threads of the context itself.</summary>
    protected abstract void Process(float[] block, StackRegion region, RunContext context);

    /// <summary>What must be known of the whole stack before the first block; runs once, before any block.</summary>
    protected virtual void Prepare(RunContext context)
    {
    }

    protected sealed override void ReadCore(StackRegion region, Span<float> destination)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var context = RunContext.Current;
            if (_memory is null)
            {
                Allocate(context);
            }

            var (first, end) = UnitsOf(region);
            for (var block = first / _blockSize; block <= (end - 1) / _blockSize; block++)
            {
                if (!_done[block])
                {
                    Compute(block, context);
                }
            }

            Copy(region, destination);
            Evict(region);
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _disposed = true;
            _memory?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Allocate(RunContext context)
    {
        Prepare(context);
        var available = MemoryBudget.AvailableBytes(context);
        var unitBytes = ByteLength / UnitCount;
        // A block exists about three times while it is worked on.
        _blockSize = (int)Math.Clamp(Math.Min(MostBlockBytes, available / 8) / Math.Max(unitBytes, 1), 1, UnitCount);
        _done = new bool[(UnitCount + _blockSize - 1) / _blockSize];
        _memory = ByteLength <= available / 2
            ? ArrayMemory.Allocate<float>(ByteLength / sizeof(float))
            : ScratchMemory.Create(ByteLength / sizeof(float), context);
        _left = _done.Length;
    }

    private void Compute(int block, RunContext context)
    {
        context.Report(Step.Name, 1 - ((double)_left / _done.Length), $"block {_done.Length - _left + 1} of {_done.Length}");
        var first = block * _blockSize;
        var region = RegionOf(first, Math.Min(_blockSize, UnitCount - first));
        var size = region.RowCount * ColumnCount;
        var values = GC.AllocateUninitializedArray<float>(checked(region.AngleCount * size));
        Source.Read(region, values);
        Process(values, region, context);
        for (var i = 0; i < region.AngleCount; i++)
        {
            values.AsSpan(i * size, size).CopyTo(Stored(region.AngleStart + i, region.RowStart, size));
        }

        Evict(region);
        _done[block] = true;
        _left--;
    }

    private void Copy(StackRegion region, Span<float> destination)
    {
        var size = region.RowCount * ColumnCount;
        for (var i = 0; i < region.AngleCount; i++)
        {
            Stored(region.AngleStart + i, region.RowStart, size).CopyTo(destination[(i * size)..]);
        }
    }

    /// <summary>What lies in a scratch file does not count as memory in use once it was written or copied.</summary>
    private void Evict(StackRegion region)
    {
        var frame = (long)RowCount * ColumnCount;
        _memory!.Evict(region.AngleStart * frame, region.AngleCount * frame);
    }

    private Span<float> Stored(int angle, int row, int count) =>
        _memory!.Span((((long)angle * RowCount) + row) * ColumnCount, count);
}
