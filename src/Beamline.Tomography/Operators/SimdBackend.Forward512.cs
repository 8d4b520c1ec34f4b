using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;

namespace Beamline.Tomography.Operators;

internal sealed partial class SimdBackend
{
    /// <summary>
    /// The AVX-512 path. As in backprojection, loads are what limits it: a ray's weights on up to 16 lines stay in one register and are
    /// spread by a permutation. Neighboring rays follow each other over the same lines, so half of what one reads the next finds in the first cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void ForwardPiece512(InterleavedSlab image, InterleavedSlab sinogram, RayBlock block)
    {
        var index = stackalloc int[Vector512<int>.Count];
        var angle = block.Angle;
        var alongY = RunsAlongY(angle);
        var (major, minor) = alongY ? (_rays.Cos[angle], _rays.Sin[angle]) : (_rays.Sin[angle], _rays.Cos[angle]);
        var middle = (float)Geometry.ImageCenter;
        var lanes = image.Lanes;
        var stepMajor = alongY ? image.RowStride : lanes;
        long stepMinor = alongY ? lanes : image.RowStride;
        var size = Geometry.ImageSize;
        var slope = -minor / major;
        var length = Vector512.Create(1 / MathF.Abs(major));
        var zero = Vector512<float>.Zero;
        var one = Vector512<float>.One;
        var low = Vector512.Create(-1f);
        var high = Vector512.Create((float)size);
        for (var first = block.FirstLine; first < block.EndLine; first += block.LinesAtOnce)
        {
            var count = Math.Min(block.LinesAtOnce, block.EndLine - first);
            var shift = Vector512.Create(slope) * (Vector512.Create((float)first) + Vector512.ConvertToSingle(Vector512<int>.Indices));
            var ray = sinogram.Origin + (angle * sinogram.RowStride) + ((long)block.FirstColumn * lanes);
            for (var d = block.FirstColumn; d < block.EndColumn; d++, ray += lanes)
            {
                var u0 = (((float)(d - Geometry.Axis.Column) + (middle * minor)) * (1 / major)) + middle;
                var u = Vector512.Create(u0) + shift;
                // A ray that misses these lines only has to begin with zero.
                var (from, to) = (u0 + (slope * first), u0 + (slope * (first + count - 1)));
                if (MathF.Max(from, to) <= -1 || MathF.Min(from, to) >= size)
                {
                    if (first == 0)
                    {
                        new Span<float>(ray, lanes).Clear();
                    }

                    continue;
                }

                // Beside the image a ray reads the padding, which is zero; +1 keeps the index positive for truncation.
                u = Vector512.MinNative(Vector512.MaxNative(u, low), high) + one;
                var i = Vector512.ConvertToInt32Native(u);
                var right = u - Vector512.ConvertToSingle(i);
                var left = one - right;
                Vector512.Store(i, index);
                var line = image.Origin - stepMinor + (first * stepMajor);
                var place = Vector512<int>.Zero;
                var (leftA, leftB, rightA, rightB) = (zero, zero, zero, zero);
                if (lanes == 2 * Vector512<float>.Count)
                {
                    for (var j = 0; j < count; j++, line += stepMajor, place += Vector512<int>.One)
                    {
                        var here = line + (index[j] * stepMinor);
                        var next = here + stepMinor;
                        var wl = Vector512.ShuffleNative(left, place);
                        var wr = Vector512.ShuffleNative(right, place);
                        leftA = Vector512.FusedMultiplyAdd(wl, Vector512.Load(here), leftA);
                        leftB = Vector512.FusedMultiplyAdd(wl, Vector512.Load(here + 16), leftB);
                        rightA = Vector512.FusedMultiplyAdd(wr, Vector512.Load(next), rightA);
                        rightB = Vector512.FusedMultiplyAdd(wr, Vector512.Load(next + 16), rightB);
                    }

                    Vector512.Store(
                        Vector512.FusedMultiplyAdd(leftB + rightB, length, first > 0 ? Vector512.Load(ray + 16) : zero), ray + 16);
                }
                else
                {
                    for (var j = 0; j < count; j++, line += stepMajor, place += Vector512<int>.One)
                    {
                        var here = line + (index[j] * stepMinor);
                        leftA = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(left, place), Vector512.Load(here), leftA);
                        rightA = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(right, place), Vector512.Load(here + stepMinor), rightA);
                    }
                }

                Vector512.Store(Vector512.FusedMultiplyAdd(leftA + rightA, length, first > 0 ? Vector512.Load(ray) : zero), ray);
            }
        }

        GC.KeepAlive(this);
        GC.KeepAlive(image);
        GC.KeepAlive(sinogram);
    }
}
