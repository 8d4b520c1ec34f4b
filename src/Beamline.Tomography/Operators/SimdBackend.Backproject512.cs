using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;

namespace Beamline.Tomography.Operators;

internal sealed partial class SimdBackend
{
    /// <summary>
    /// The AVX-512 path. What limits it is loads, not multiplications: four vectors of data an angle cannot be avoided, so
    /// the weights of 16 angles stay in two registers and are spread by a permutation instead of being loaded (docs/adr/0004).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void BackprojectTile512(InterleavedSlab sinogram, RayTable table, InterleavedSlab band, PixelTile tile)
    {
        var offsets = stackalloc int[Vector512<int>.Count];
        var lineShift = stackalloc float[AnglesAtOnce];
        var lanes = sinogram.Lanes;
        var rowStride = sinogram.RowStride;
        var middle = (float)Geometry.ImageCenter;
        var one = Vector512<float>.One;
        var zero = Vector512<float>.Zero;
        var origin = Vector512.Create((float)(Geometry.Axis.Column + sinogram.Pad));
        // Rays beside the detector fall on a column of zeros.
        var low = Vector512.Create(sinogram.Pad - 1f);
        var high = Vector512.Create((float)(sinogram.Pad + sinogram.InnerCount));
        var columnShift = BitOperations.Log2((uint)lanes);
        for (var first = 0; first < table.AngleCount; first += AnglesAtOnce)
        {
            var end = Math.Min(first + AnglesAtOnce, table.AngleCount);
            var rows = sinogram.Origin - ((long)sinogram.Pad * lanes) + (first * rowStride);
            for (var y = tile.Y0; y < tile.Y1; y++)
            {
                var vy = Vector512.Create(tile.FirstRow + y - middle);
                for (var i = first; i < end; i += Vector512<float>.Count)
                {
                    Vector512.Store(Vector512.FusedMultiplyAdd(vy, Vector512.Load(table.Sin + i), origin), lineShift + i - first);
                }

                var pixel = band.Origin + (y * band.RowStride) + ((long)tile.X0 * lanes);
                for (var x = tile.X0; x < tile.X1; x++, pixel += lanes)
                {
                    var vx = Vector512.Create(x - middle);
                    var row = rows;
                    var (leftA, leftB, rightA, rightB) = (zero, zero, zero, zero);
                    for (var i = first; i < end; i += Vector512<float>.Count)
                    {
                        var t = Vector512.FusedMultiplyAdd(vx, Vector512.Load(table.Cos + i), Vector512.Load(lineShift + i - first));
                        t = Vector512.MinNative(Vector512.MaxNative(t, low), high);
                        var column = Vector512.ConvertToInt32Native(t);
                        var fraction = t - Vector512.ConvertToSingle(column);
                        Vector512.Store(column << columnShift, offsets);
                        var scale = Vector512.Load(table.Scale + i);
                        var right = scale * fraction;
                        var left = scale - right;
                        if (!table.Interpolates)
                        {
                            var inverseWidth = Vector512.Load(table.InverseWidth + i);
                            left = scale * Vector512.MaxNative(zero, one - (fraction * inverseWidth));
                            right = scale * Vector512.MaxNative(zero, one - ((one - fraction) * inverseWidth));
                        }

                        var count = Math.Min(Vector512<float>.Count, end - i);
                        var angle = Vector512<int>.Zero;
                        if (lanes == 2 * Vector512<float>.Count)
                        {
                            for (var a = 0; a < count; a++, row += rowStride, angle += Vector512<int>.One)
                            {
                                var p = row + offsets[a];
                                var wl = Vector512.ShuffleNative(left, angle);
                                var wr = Vector512.ShuffleNative(right, angle);
                                leftA = Vector512.FusedMultiplyAdd(wl, Vector512.Load(p), leftA);
                                leftB = Vector512.FusedMultiplyAdd(wl, Vector512.Load(p + 16), leftB);
                                rightA = Vector512.FusedMultiplyAdd(wr, Vector512.Load(p + 32), rightA);
                                rightB = Vector512.FusedMultiplyAdd(wr, Vector512.Load(p + 48), rightB);
                            }
                        }
                        else
                        {
                            for (var a = 0; a < count; a++, row += rowStride, angle += Vector512<int>.One)
                            {
                                var p = row + offsets[a];
                                leftA = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(left, angle), Vector512.Load(p), leftA);
                                rightA = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(right, angle), Vector512.Load(p + 16), rightA);
                            }
                        }
                    }

                    Vector512.Store(leftA + rightA + (first > 0 ? Vector512.Load(pixel) : zero), pixel);
                    if (lanes == 2 * Vector512<float>.Count)
                    {
                        Vector512.Store(leftB + rightB + (first > 0 ? Vector512.Load(pixel + 16) : zero), pixel + 16);
                    }
                }
            }
        }

        GC.KeepAlive(sinogram);
        GC.KeepAlive(table);
        GC.KeepAlive(band);
    }
}
