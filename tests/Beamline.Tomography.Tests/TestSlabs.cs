using Beamline.Arrays;

namespace Beamline.Tomography.Tests;

/// <summary>Random slabs and inner products that leave the padding alone.</summary>
internal static class TestSlabs
{
    internal static InterleavedSlab Random(SlabShape shape, int lanes, int seed)
    {
        var random = new Random(seed);
        var slab = shape.Allocate(lanes);
        for (var i = 0; i < slab.OuterCount; i++)
        {
            for (var j = 0; j < slab.InnerCount; j++)
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    slab[i, j, lane] = random.NextSingle() - 0.25f;
                }
            }
        }

        return slab;
    }

    internal static double Inner(InterleavedSlab a, InterleavedSlab b)
    {
        double sum = 0;
        for (var i = 0; i < a.OuterCount; i++)
        {
            for (var j = 0; j < a.InnerCount; j++)
            {
                for (var lane = 0; lane < a.Lanes; lane++)
                {
                    sum += (double)a[i, j, lane] * b[i, j, lane];
                }
            }
        }

        return sum;
    }

    /// <summary>|a - b| / |b|.</summary>
    internal static double RelativeDifference(InterleavedSlab a, InterleavedSlab b)
    {
        double difference = 0, norm = 0;
        for (var i = 0; i < a.OuterCount; i++)
        {
            for (var j = 0; j < a.InnerCount; j++)
            {
                for (var lane = 0; lane < a.Lanes; lane++)
                {
                    double x = a[i, j, lane], y = b[i, j, lane];
                    difference += (x - y) * (x - y);
                    norm += y * y;
                }
            }
        }

        return Math.Sqrt(difference / norm);
    }
}
