using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Beamline.Compute;

namespace Beamline.Tomography.Denoising;

/// <summary>
/// Total variation of one picture by the accelerated primal-dual method. Apart from that of the iterative reconstruction, whose vectors run over
/// 16 slices: here they run along rows, so that a single picture fills them.
/// </summary>
/// <remarks>Rows and columns of padding stand in for the edges: differences across them come out as 0.</remarks>
internal sealed class FrameVariation
{
    private const int RowsAPiece = 64;
    private static readonly int Width = Vector256<float>.Count;

    private readonly float[] _frame;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _stride;
    private readonly float _weight;
    private readonly RunContext _context;
    private readonly float[] _x;
    private readonly float[] _xBar;
    private readonly float[] _data;
    private readonly float[] _px;
    private readonly float[] _py;

    internal FrameVariation(float[] frame, int rows, int columns, float weight, RunContext context)
    {
        (_frame, _rows, _columns, _weight, _context) = (frame, rows, columns, weight, context);
        _stride = Width + ((columns + 1 + Width - 1) / Width * Width) + Width;
        var length = checked((rows + 2) * _stride);
        (_x, _xBar, _data, _px, _py) = (new float[length], new float[length], new float[length], new float[length], new float[length]);
        for (var row = 0; row < rows; row++)
        {
            frame.AsSpan(row * columns, columns).CopyTo(_data.AsSpan(At(row)));
        }

        _data.CopyTo(_x, 0);
        _data.CopyTo(_xBar, 0);
        RepeatEdges();
    }

    /// <summary>Writes the picture after so many steps over the frame.</summary>
    internal void Minimize(int iterations)
    {
        // Steps whose product is 1 / |grad|² = 1/8 at the most; the data term is strongly convex with 1.
        var (tau, sigma) = (0.25f, 0.5f);
        for (var i = 0; i < iterations; i++)
        {
            var (down, up, momentum) = (tau, sigma, 1 / MathF.Sqrt(1 + (2 * tau)));
            Rows(row => Ascend(row, up));
            Rows(row => Descend(row, down, momentum));
            RepeatEdges();
            (tau, sigma) = (tau * momentum, sigma / momentum);
        }

        for (var row = 0; row < _rows; row++)
        {
            _x.AsSpan(At(row), _columns).CopyTo(_frame.AsSpan(row * _columns));
        }
    }

    private int At(int row) => ((row + 1) * _stride) + Width;

    private void Rows(Action<int> body) => ParallelWork.For((_rows + RowsAPiece - 1) / RowsAPiece, _context, piece =>
    {
        for (var row = piece * RowsAPiece; row < Math.Min((piece + 1) * RowsAPiece, _rows); row++)
        {
            body(row);
        }
    });

    private void RepeatEdges()
    {
        for (var row = 0; row < _rows; row++)
        {
            _xBar[At(row) + _columns] = _xBar[At(row) + _columns - 1];
        }

        _xBar.AsSpan(At(_rows - 1), _columns + 1).CopyTo(_xBar.AsSpan(At(_rows)));
    }

    /// <summary>p = p + sigma grad xBar, no longer than the weight.</summary>
    private void Ascend(int row, float sigma)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(_xBar);
        ref var px = ref MemoryMarshal.GetArrayDataReference(_px);
        ref var py = ref MemoryMarshal.GetArrayDataReference(_py);
        var (step, longest) = (Vector256.Create(sigma), Vector256.Create(_weight));
        var start = At(row);
        for (var column = 0; column < _columns; column += Width)
        {
            var at = (nuint)(start + column);
            var here = Vector256.LoadUnsafe(ref x, at);
            var right = Vector256.FusedMultiplyAdd(step, Vector256.LoadUnsafe(ref x, at + 1) - here, Vector256.LoadUnsafe(ref px, at));
            var down = Vector256.FusedMultiplyAdd(step, Vector256.LoadUnsafe(ref x, at + (nuint)_stride) - here, Vector256.LoadUnsafe(ref py, at));
            var length = Vector256.Sqrt((right * right) + (down * down));
            var scale = longest / Vector256.Max(length, longest);
            (right * scale).StoreUnsafe(ref px, at);
            (down * scale).StoreUnsafe(ref py, at);
        }
    }

    /// <summary>x = (x + tau (div p + data)) / (1 + tau), and beyond it as far as the momentum goes.</summary>
    private void Descend(int row, float tau, float momentum)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(_x);
        ref var xBar = ref MemoryMarshal.GetArrayDataReference(_xBar);
        ref var data = ref MemoryMarshal.GetArrayDataReference(_data);
        ref var px = ref MemoryMarshal.GetArrayDataReference(_px);
        ref var py = ref MemoryMarshal.GetArrayDataReference(_py);
        var (step, factor, beyond) = (Vector256.Create(tau), Vector256.Create(1 / (1 + tau)), Vector256.Create(momentum));
        var start = At(row);
        for (var column = 0; column < _columns; column += Width)
        {
            var at = (nuint)(start + column);
            var divergence = Vector256.LoadUnsafe(ref px, at) - Vector256.LoadUnsafe(ref px, at - 1)
                + (Vector256.LoadUnsafe(ref py, at) - Vector256.LoadUnsafe(ref py, at - (nuint)_stride));
            var old = Vector256.LoadUnsafe(ref x, at);
            var made = Vector256.FusedMultiplyAdd(step, divergence + Vector256.LoadUnsafe(ref data, at), old) * factor;
            made.StoreUnsafe(ref x, at);
            Vector256.FusedMultiplyAdd(beyond, made - old, made).StoreUnsafe(ref xBar, at);
        }
    }
}
