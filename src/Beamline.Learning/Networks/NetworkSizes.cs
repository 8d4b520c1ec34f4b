namespace Beamline.Learning;

/// <summary>What networks cost, from their structure; tests hold the numbers against the networks themselves.</summary>
internal static class NetworkSizes
{
    public static long Parameters(DenoiserNetwork net)
    {
        var (w, c) = (net.Widths, net.InputChannels);
        switch (net.Kind)
        {
            case NetworkKind.UNet:
            {
                var sum = Double(c, w[0]);
                for (var i = 1; i < w.Count; i++)
                {
                    sum += Double(w[i - 1], w[i]) + Double(w[i - 1] + w[i], w[i - 1]);
                }

                return sum + Conv(w[0], 1, 1);
            }

            case NetworkKind.ResidualUNet:
            {
                var sum = Conv(c, w[0], 3) + Units(w[0]);
                for (var i = 1; i < w.Count; i++)
                {
                    sum += Conv(w[i - 1], w[i], 3) + Units(w[i]);          // down
                    sum += Conv(w[i], w[i - 1], 3) + Conv(2 * w[i - 1], w[i - 1], 3) + Units(w[i - 1]);   // up, join
                }

                return sum + Conv(w[0], 1, 1);
            }

            case NetworkKind.TomoGan:
                return Conv(c, 8, 1) + Double(8, w[0]) + Double(w[0], w[1]) + Double(w[1], w[2]) + Conv(w[2], w[2], 3) +
                    Double(2 * w[2], w[1]) + Double(2 * w[1], w[0]) + Double(2 * w[0], w[0]) + Conv(w[0], w[0] / 2, 1) + Conv(w[0] / 2, 1, 1);
            case NetworkKind.DnCnn:
                return Conv(c, w[0], 3) + ((net.Depth - 2) * Conv(w[0], w[0], 3)) + Conv(w[0], 1, 3);
            default:
                return Enumerable.Range(0, net.Depth).Sum(i => Conv(c + (i * w[0]), w[0], 3)) + Conv(c + (net.Depth * w[0]), 1, 1);
        }

        static long Conv(long from, long to, long edge) => (((from * edge * edge) + 1) * to);
        static long Double(long from, long to) => Conv(from, to, 3) + Conv(to, to, 3);
        static long Units(long maps) => 2 * ((2 * Conv(maps, maps, 3)) + (2 * maps));
    }

    public static int Radius(DenoiserNetwork net)
    {
        var levels = net.Widths.Count;
        switch (net.Kind)
        {
            case NetworkKind.UNet:
                return Pyramid(levels, down: 2, up: 2, bottom: 2);
            case NetworkKind.TomoGan:
                return Pyramid(levels + 1, down: 2, up: 2, bottom: 1);
            case NetworkKind.ResidualUNet:
            {
                // A unit of two convolutions reaches 2, two units 4; the first convolution 1; joining 1; strided steps 1 each way.
                var radius = 1 + 4;
                for (var i = 1; i < levels; i++)
                {
                    radius += (1 << (i - 1)) + (4 << i) + (1 << i) + (5 << (i - 1));
                }

                return radius;
            }

            case NetworkKind.DnCnn:
                return net.Depth;
            default:
                return Enumerable.Range(0, net.Depth).Sum(i => MixedScaleDenseModule.Dilation(i));
        }

        // Convolutions at level i reach 2^i pixels each; pooling adds the rest of its block, enlarging one pixel of the coarser level.
        static int Pyramid(int levels, int down, int up, int bottom)
        {
            var radius = bottom << (levels - 1);
            for (var i = 0; i < levels - 1; i++)
            {
                radius += ((down + up) << i) + (1 << i) + (1 << (i + 1));
            }

            return radius;
        }
    }

    public static long BytesPerPixel(DenoiserNetwork net)
    {
        var w = net.Widths;
        var maps = net.Kind switch
        {
            // At the widest place: what was kept for joining, the enlarged maps, their union and one result.
            NetworkKind.UNet => (2.0 * (w[0] + w[1])) + w[0] + Skips(w),
            NetworkKind.ResidualUNet => (6.0 * w[0]) + Skips(w),
            NetworkKind.TomoGan => (2.0 * (w[0] + w[0])) + w[0] + Skips(w),
            NetworkKind.DnCnn => 3.0 * w[0],
            _ => 2.0 * (net.InputChannels + (net.Depth * w[0])),
        };
        return (long)Math.Ceiling(maps * sizeof(float));

        static double Skips(IReadOnlyList<int> widths) => widths.Select((width, i) => width / Math.Pow(4, i)).Sum();
    }
}
