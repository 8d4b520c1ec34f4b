using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>Some slices of a sample, reconstructed from each part of the views by itself: values [part, slice, y, x].</summary>
internal sealed class SplitSlices : IDisposable
{
    private readonly ArrayMemory<float> _memory;
    private readonly int _sliceCount;

    private SplitSlices(ArrayMemory<float> memory, int splits, int sliceCount, int edge) => (_memory, Splits, _sliceCount, Edge) = (memory, splits, sliceCount, edge);

    /// <summary>Number of parts.</summary>
    public int Splits { get; }

    /// <summary>Rows and columns of a slice.</summary>
    public int Edge { get; }

    /// <summary>What the values mean.</summary>
    public Quantity Quantity { get; private set; }

    /// <summary>Edges of a voxel.</summary>
    public VoxelSize? VoxelSize { get; private set; }

    /// <summary>Reconstructs; reads each of the rows once.</summary>
    /// <param name="projections">Line integrals.</param>
    /// <param name="axis">The rotation axis.</param>
    /// <param name="recipe">Parts, filter, mask.</param>
    /// <param name="rows">Detector rows, in rising order.</param>
    /// <param name="report">Hears which part of the work is done, 0 to 1.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static SplitSlices Compute(ProjectionStack projections, RotationAxis axis, SplitRecipe recipe, IReadOnlyList<int> rows, Action<double> report)
    {
        var context = RunContext.Current;
        var parts = AngleSplits.Deal(projections.AnglesDegrees, recipe.Splits);
        var edge = projections.ColumnCount;
        var made = new SplitSlices(Denoiser.Room(context, (long)recipe.Splits * rows.Count * edge * edge), recipe.Splits, rows.Count, edge);
        try
        {
            // What one call says, all of them would.
            var said = new HashSet<string>();
            using var quiet = RunContext.Use(context with
            {
                Progress = null, Jobs = null, Warning = text => { if (said.Add(text)) { context.Warning?.Invoke(text); } },
            });
            var band = BandRows(projections, rows.Count, context);
            for (var first = 0; first < rows.Count; first += band)
            {
                var some = rows.Skip(first).Take(band).ToArray();
                var stacks = Read(projections, parts, some, context);
                try
                {
                    for (var k = 0; k < parts.Length; k++)
                    {
                        report((first + ((double)some.Length * k / parts.Length)) / rows.Count);
                        using var volume = Reconstruction.Fbp(stacks[k], axis, recipe.ToFbp());
                        for (var z = 0; z < some.Length; z++)
                        {
                            volume.Slice(z).CopyTo(made.Slice(k, first + z));
                        }

                        (made.Quantity, made.VoxelSize) = (volume.Quantity, volume.VoxelSize);
                    }
                }
                finally
                {
                    Array.ForEach(stacks, stack => stack.Dispose());
                }
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>One slice from one part.</summary>
    public Span<float> Slice(int split, int index) => _memory.Span((((long)split * _sliceCount) + index) * Edge * Edge, Edge * Edge);

    /// <summary>What goes into the network when a part is the odd one out: the mean of the others, or the part itself.</summary>
    public void Input(SplitStrategy strategy, int split, int index, Span<float> into) => Take(strategy == SplitStrategy.ManyToOne, split, index, into);

    /// <summary>What the network is held against then.</summary>
    public void Target(SplitStrategy strategy, int split, int index, Span<float> into) => Take(strategy == SplitStrategy.OneToMany, split, index, into);

    /// <summary>The input for several slices, [slice, y, x].</summary>
    public float[] Window(SplitStrategy strategy, int split, IReadOnlyList<int> indices)
    {
        var values = new float[indices.Count * Edge * Edge];
        for (var c = 0; c < indices.Count; c++)
        {
            Input(strategy, split, indices[c], values.AsSpan(c * Edge * Edge, Edge * Edge));
        }

        return values;
    }

    /// <summary>
    /// Mean square of the noise of one part, and of its values. Two parts show the same sample with independent noise, so half of the mean square of their difference is
    /// that of the noise (and of what few views do to a picture).
    /// </summary>
    public (double Noise, double Values) Spread(IEnumerable<int> indices)
    {
        var (noise, values, count) = (0.0, 0.0, 0L);
        foreach (var index in indices)
        {
            for (var k = 0; k < Splits; k++)
            {
                var a = Slice(k, index);
                var b = Slice((k + 1) % Splits, index);
                for (var i = 0; i < a.Length; i++)
                {
                    double difference = a[i] - b[i];
                    noise += difference * difference;
                    values += (double)a[i] * a[i];
                }

                count += a.Length;
            }
        }

        return (noise / count / 2, values / count);
    }

    public void Dispose() => _memory.Dispose();

    private void Take(bool others, int split, int index, Span<float> into)
    {
        if (!others)
        {
            Slice(split, index).CopyTo(into);
            return;
        }

        into.Clear();
        var part = 1f / (Splits - 1);
        for (var k = 0; k < Splits; k++)
        {
            if (k != split)
            {
                var slice = Slice(k, index);
                for (var i = 0; i < slice.Length; i++)
                {
                    into[i] += part * slice[i];
                }
            }
        }
    }

    /// <summary>Rows read together: whole groups of what the reconstruction works on at once, within a quarter of the memory.</summary>
    private static int BandRows(ProjectionStack projections, int rows, RunContext context)
    {
        const int Lanes = 32;
        var bytes = (long)projections.AngleCount * projections.ColumnCount * sizeof(float);
        var room = (int)Math.Clamp(MemoryBudget.AvailableBytes(context) / 4 / bytes, 1, rows);
        return room < Lanes ? room : room / Lanes * Lanes;
    }

    /// <summary>The rows of all views, dealt into one stack for each part.</summary>
    private static MemoryProjectionStack[] Read(ProjectionStack projections, int[][] parts, int[] rows, RunContext context)
    {
        var columns = projections.ColumnCount;
        var stacks = parts.Select(views => new MemoryProjectionStack([.. views.Select(v => projections.AnglesDegrees[v])], rows.Length, columns)
        {
            PixelSize = projections.PixelSize, Quantity = projections.Quantity,
        }).ToArray();
        try
        {
            var places = new (int Part, int Place)[projections.AngleCount];
            for (var k = 0; k < parts.Length; k++)
            {
                for (var i = 0; i < parts[k].Length; i++)
                {
                    places[parts[k][i]] = (k, i);
                }
            }

            var together = Math.Clamp(projections.UnpackedTogether.Angles, 1, 64);
            var block = Array.Empty<float>();
            foreach (var (at, start, count) in Runs(rows))
            {
                var size = count * columns;
                block = block.Length < together * size ? new float[together * size] : block;
                for (var angle = 0; angle < projections.AngleCount; angle += together)
                {
                    context.CancellationToken.ThrowIfCancellationRequested();
                    var angles = Math.Min(together, projections.AngleCount - angle);
                    projections.Read(new StackRegion(angle, angles, start, count), block);
                    CheckFinite(block.AsSpan(0, angles * size), angle, start, count, columns);
                    for (var a = 0; a < angles; a++)
                    {
                        var (part, place) = places[angle + a];
                        block.AsSpan(a * size, size).CopyTo(stacks[part].Frame(place)[(at * columns)..]);
                    }
                }
            }

            return stacks;
        }
        catch
        {
            Array.ForEach(stacks, stack => stack.Dispose());
            throw;
        }
    }

    /// <summary>Rows that follow each other: where they lie among those asked for, the first, how many.</summary>
    private static IEnumerable<(int At, int Start, int Count)> Runs(int[] rows)
    {
        for (var at = 0; at < rows.Length;)
        {
            var count = 1;
            while (at + count < rows.Length && rows[at + count] == rows[at] + count)
            {
                count++;
            }

            yield return (at, rows[at], count);
            at += count;
        }
    }

    private static void CheckFinite(ReadOnlySpan<float> values, int angle, int row, int rows, int columns)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"View {angle + (i / (rows * columns))} holds {values[i]} at row {row + (i / columns % rows)}, column {i % columns}. The same pixel spoils all parts alike, and the network would " +
                    "learn it as part of the sample: take the logarithm with a floor, and mend dead pixels first (scan.Normalize().MinusLog() does both).");
            }
        }
    }
}
