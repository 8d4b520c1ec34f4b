using System.Numerics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography;

/// <summary>A complex array [z, y, x] that is transformed in place; a plane has one z.</summary>
internal sealed class Spectrum3D : IDisposable
{
    private readonly ArrayMemory<double> _memory;

    internal Spectrum3D(int depth, int height, int width)
    {
        (Depth, Height, Width) = (depth, height, width);
        _memory = ArrayMemory.Allocate<double>(2L * depth * height * width);
    }

    internal int Depth { get; }

    internal int Height { get; }

    internal int Width { get; }

    /// <summary>One row along x.</summary>
    internal unsafe Span<Complex> Row(int z, int y) =>
        new((Complex*)_memory.Pointer + ((((long)z * Height) + y) * Width), Width);

    /// <summary>Transforms along all three axes; progress and cancellation by the context.</summary>
    internal void Forward(RunContext context)
    {
        Along(Width, Depth * Height, context, (line, values) => Row(line / Height, line % Height).CopyTo(values), (line, values) => values.CopyTo(Row(line / Height, line % Height)));
        Along(Height, Depth * Width, context,
            (line, values) => Column(line / Width, line % Width, values, store: false), (line, values) => Column(line / Width, line % Width, values, store: true));
        if (Depth > 1)
        {
            Along(Depth, Height * Width, context,
                (line, values) => Pile(line / Width, line % Width, values, store: false), (line, values) => Pile(line / Width, line % Width, values, store: true));
        }
    }

    public void Dispose() => _memory.Dispose();

    private delegate void Move(int line, Span<Complex> values);

    private static void Along(int length, int lines, RunContext context, Move load, Move store)
    {
        if (length == 1)
        {
            return;
        }

        var fft = new ExactFft(length);
        const int Band = 64;
        ParallelWork.For((lines + Band - 1) / Band, context, band =>
        {
            var values = new Complex[length];
            var buffer = new Complex[fft.BufferLength];
            for (var line = band * Band; line < Math.Min(lines, (band + 1) * Band); line++)
            {
                load(line, values);
                fft.Forward(values, buffer);
                store(line, values);
            }
        });
    }

    private void Column(int z, int x, Span<Complex> values, bool store)
    {
        for (var y = 0; y < Height; y++)
        {
            ref var element = ref Row(z, y)[x];
            if (store)
            {
                element = values[y];
            }
            else
            {
                values[y] = element;
            }
        }
    }

    private void Pile(int y, int x, Span<Complex> values, bool store)
    {
        for (var z = 0; z < Depth; z++)
        {
            ref var element = ref Row(z, y)[x];
            if (store)
            {
                element = values[z];
            }
            else
            {
                values[z] = element;
            }
        }
    }
}
