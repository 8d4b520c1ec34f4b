using System.Collections.Concurrent;
using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>Samples for stripe removal. The first six are for tuning; nothing may be chosen by looking at the last three (docs/adr/0023).</summary>
public enum StripeScene
{
    /// <summary>A few discs of about the same value in a disc, 360 columns, 360 angles.</summary>
    Discs,

    /// <summary>Many rods of many sizes in a matrix, 400 columns, 300 angles.</summary>
    Rods,

    /// <summary>A hollow cylinder with inclusions in its wall, 600 columns, 450 angles.</summary>
    Shell,

    /// <summary>The head of Shepp and Logan with Toft's values, 512 columns, 400 angles.</summary>
    Head,

    /// <summary>A cylinder with 250 voids, on the axis, 480 columns, 360 angles.</summary>
    Foam,

    /// <summary>120 elongated grains of three minerals without a container, 640 columns, 500 angles.</summary>
    Grains,

    /// <summary>Held out: a bundle of 150 fibers in a resin, 560 columns, 420 angles.</summary>
    Fibers,

    /// <summary>Held out: a tilted stack of layers with solder balls, 448 columns, 384 angles: edges that are straight.</summary>
    Layers,

    /// <summary>Held out: 45 large pebbles in a tube, 720 columns, 360 angles.</summary>
    Pebbles,

    /// <summary>30 thin plates at all tilts in an oval matrix, 500 columns, 380 angles.</summary>
    Plates,

    /// <summary>70 hollow spheres in a loose heap, 660 columns, 400 angles.</summary>
    Bubbles,

    /// <summary>A rectangular block beside the axis with round and square holes, 420 columns, 512 angles.</summary>
    Block,

    /// <summary>Made last: crossing threads in two layers without a container, 384 columns, 320 angles.</summary>
    Weave,

    /// <summary>Made last: an oval drill core with cracks and grains, 416 columns, 340 angles.</summary>
    Core,

    /// <summary>Made last: nine nuts with shells and kernels, 448 columns, 300 angles.</summary>
    Nuts,
}

/// <summary>Analytic sinograms of the scenes, in line integrals whose mean is about 1, with noise.</summary>
internal static class StripeScenes
{
    internal static readonly StripeScene[] Training =
        [StripeScene.Discs, StripeScene.Rods, StripeScene.Shell, StripeScene.Head, StripeScene.Foam, StripeScene.Grains];

    /// <summary>The second time: with seeds 4 to 6, beside those of the first.</summary>
    internal static readonly StripeScene[] Development = [.. Training, StripeScene.Plates, StripeScene.Bubbles, StripeScene.Block];

    internal static readonly StripeScene[] HeldOut = [StripeScene.Fibers, StripeScene.Layers, StripeScene.Pebbles];

    /// <summary>Made after the code was finished, the second time (docs/adr/0038).</summary>
    internal static readonly StripeScene[] HeldOutAgain = [StripeScene.Weave, StripeScene.Core, StripeScene.Nuts];

    /// <summary>An ellipse or rectangle of half axes A and B, in parts of half the width.</summary>
    private sealed record Shape(double X, double Y, double A, double B, double TiltDegrees, double Value, bool IsRectangle = false);

    private static readonly ConcurrentDictionary<StripeScene, Lazy<MemoryProjectionStack>> Made = new();

    /// <summary>The sinogram of a scene, scaled to the mean value 1, with noise of 0.3 % of the mean. Shared: not to be changed.</summary>
    internal static MemoryProjectionStack Project(StripeScene scene) => Made.GetOrAdd(scene, s => new(() => Make(s))).Value;

    private static MemoryProjectionStack Make(StripeScene scene)
    {
        var (columns, angles, axis) = scene switch
        {
            StripeScene.Discs => (360, 360, 179.5),
            StripeScene.Rods => (400, 300, 203.2),
            StripeScene.Shell => (600, 450, 296.1),
            StripeScene.Head => (512, 400, 255.5),
            StripeScene.Foam => (480, 360, 244.3),
            StripeScene.Grains => (640, 500, 310.7),
            StripeScene.Fibers => (560, 420, 283.7),
            StripeScene.Layers => (448, 384, 221.4),
            StripeScene.Pebbles => (720, 360, 359.5),
            StripeScene.Plates => (500, 380, 251.3),
            StripeScene.Bubbles => (660, 400, 322.8),
            StripeScene.Block => (420, 512, 214.6),
            StripeScene.Weave => (384, 320, 195.2),
            StripeScene.Core => (416, 340, 204.3),
            _ => (448, 300, 228.7),
        };
        var stack = new MemoryProjectionStack(Phantoms.Angles(angles), 1, columns) { Quantity = Quantity.LineIntegral };
        var shapes = Shapes(scene);
        for (var a = 0; a < angles; a++)
        {
            var frame = stack.Frame(a);
            var angle = stack.AnglesDegrees[a] * Math.PI / 180;
            foreach (var shape in shapes)
            {
                Add(frame, shape, angle, axis, columns / 2.0);
            }
        }

        var mean = 0.0;
        for (var i = 0; i < stack.Memory.Length; i++)
        {
            mean += stack.Memory.Span(i, 1)[0] / stack.Memory.Length;
        }

        var random = new Random(77 + (int)scene);
        for (var i = 0; i < stack.Memory.Length; i++)
        {
            ref var value = ref stack.Memory.Span(i, 1)[0];
            value = (float)((value / mean) + (0.003 * Math.Sqrt(12) * (random.NextDouble() - 0.5)));
        }

        return stack;
    }

    private static void Add(Span<float> frame, Shape e, double angle, double axis, double half)
    {
        var tilt = angle - (e.TiltDegrees * Math.PI / 180);
        var (a, b) = (e.A * half, e.B * half);
        var (along, across) = (a * Math.Abs(Math.Cos(tilt)), b * Math.Abs(Math.Sin(tilt)));
        var width = e.IsRectangle ? along + across : Math.Sqrt((along * along) + (across * across));
        var center = axis + (half * ((e.X * Math.Cos(angle)) + (e.Y * Math.Sin(angle))));
        var first = Math.Max(0, (int)(center - width) - 1);
        for (var c = first; c <= Math.Min(frame.Length - 1, center + width + 1); c++)
        {
            for (var ray = 0; ray < 4; ray++)
            {
                var t = c - center + ((ray - 1.5) / 4);
                frame[c] += Math.Abs(t) < width ? (float)(e.Value / 4 * (e.IsRectangle ? Chord(t) : 2 * a * b * Math.Sqrt((width * width) - (t * t)) / (width * width))) : 0;
            }
        }

        // The projection of a rectangle is a trapezoid.
        double Chord(double t)
        {
            var longest = Math.Min(2 * a / Math.Max(1e-9, Math.Abs(Math.Sin(tilt))), 2 * b / Math.Max(1e-9, Math.Abs(Math.Cos(tilt))));
            var inner = Math.Abs(along - across);
            return Math.Abs(t) <= inner ? longest : longest * (width - Math.Abs(t)) / (width - inner);
        }
    }

    private static List<Shape> Shapes(StripeScene scene)
    {
        var random = new Random(4000 + (int)scene);
        double Between(double low, double high) => low + ((high - low) * random.NextDouble());
        List<Shape> all = [];
        void Scatter(int count, double reach, double smallest, double largest, Func<double> value, double longest = 1)
        {
            for (var i = 0; i < count; i++)
            {
                var (r, phi, size) = (reach * Math.Sqrt(random.NextDouble()), Between(0, 2 * Math.PI), smallest * Math.Pow(largest / smallest, Math.Pow(random.NextDouble(), 2)));
                all.Add(new Shape(r * Math.Cos(phi), r * Math.Sin(phi), size, size * Between(1, longest), Between(0, 180), value()));
            }
        }

        switch (scene)
        {
            case StripeScene.Discs:
                all.AddRange([new(0.06, -0.04, 0.78, 0.78, 0, 6), new(0.3, -0.25, 0.22, 0.22, 0, 6), new(-0.35, 0.3, 0.15, 0.15, 0, -4),
                    new(0.1, 0.5, 0.1, 0.1, 0, 10), new(-0.45, -0.35, 0.06, 0.06, 0, 12), new(0.55, 0.2, 0.04, 0.04, 0, 20)]);
                break;
            case StripeScene.Rods:
                all.Add(new(-0.02, 0.03, 0.8, 0.74, 20, 4));
                Scatter(60, 0.66, 0.015, 0.09, () => Between(-3, 12));
                break;
            case StripeScene.Shell:
                all.AddRange([new(0.01, 0.02, 0.85, 0.83, 0, 5), new(0.0, 0.03, 0.6, 0.62, 0, -5)]);
                Scatter(25, 0.55, 0.02, 0.12, () => Between(2, 6));
                break;
            case StripeScene.Head:
                all.AddRange([new(0, 0, 0.69, 0.92, 0, 1), new(0, 0.0184, 0.6624, 0.874, 0, -0.8), new(0.22, 0, 0.11, 0.31, 18, -0.2), new(-0.22, 0, 0.16, 0.41, -18, -0.2),
                    new(0, -0.35, 0.21, 0.25, 0, 0.1), new(0, -0.1, 0.046, 0.046, 0, 0.1), new(0, 0.1, 0.046, 0.046, 0, 0.1), new(-0.08, 0.605, 0.046, 0.023, 0, 0.1),
                    new(0, 0.606, 0.023, 0.023, 0, 0.1), new(0.06, 0.605, 0.023, 0.046, 0, 0.1)]);
                break;
            case StripeScene.Foam:
                all.Add(new(0, 0, 0.86, 0.86, 0, 5));
                Scatter(250, 0.78, 0.012, 0.08, () => -4);
                break;
            case StripeScene.Fibers:
                all.Add(new(0.02, -0.03, 0.72, 0.7, 0, 2));
                Scatter(150, 0.62, 0.018, 0.035, () => 5, longest: 1.3);
                break;
            case StripeScene.Layers:
                for (var i = 0; i < 9; i++)
                {
                    all.Add(new(0.01 * i, (i - 4) * 0.11, 0.6, 0.035 + (0.002 * i), 12, 2 + (i % 3), IsRectangle: true));
                }

                Scatter(20, 0.4, 0.02, 0.05, () => 8);
                break;
            case StripeScene.Pebbles:
                all.AddRange([new(0, 0, 0.9, 0.9, 0, 3), new(0, 0, 0.84, 0.84, 0, -3)]);
                Scatter(45, 0.65, 0.07, 0.2, () => Between(3, 4), longest: 1.5);
                break;
            case StripeScene.Plates:
                all.Add(new(0.02, 0.01, 0.82, 0.68, 50, 2.5));
                for (var i = 0; i < 30; i++)
                {
                    var (r, phi) = (0.45 * Math.Sqrt(random.NextDouble()), Between(0, 2 * Math.PI));
                    all.Add(new(r * Math.Cos(phi), r * Math.Sin(phi), Between(0.01, 0.03), Between(0.08, 0.25), Between(0, 180), Between(2, 6), IsRectangle: true));
                }

                break;
            case StripeScene.Bubbles:
                for (var i = 0; i < 70; i++)
                {
                    var (r, phi, size) = (0.75 * Math.Sqrt(random.NextDouble()), Between(0, 2 * Math.PI), Between(0.03, 0.14));
                    all.AddRange([new(r * Math.Cos(phi), r * Math.Sin(phi), size, size, 0, 6), new(r * Math.Cos(phi), r * Math.Sin(phi), 0.8 * size, 0.8 * size, 0, -6)]);
                }

                break;
            case StripeScene.Block:
                all.Add(new(0.12, -0.08, 0.45, 0.62, 27, 3, IsRectangle: true));
                Scatter(25, 0.35, 0.02, 0.09, () => -3);
                for (var i = 0; i < 12; i++)
                {
                    all.Add(new(Between(-0.15, 0.4), Between(-0.4, 0.3), Between(0.02, 0.07), Between(0.02, 0.07), Between(0, 90), Between(-3, 5), IsRectangle: true));
                }

                break;
            case StripeScene.Weave:
                for (var i = 0; i < 24; i++)
                {
                    var (at, shift) = (((i % 12) - 5.5) * 0.1, Between(-0.05, 0.05));
                    all.Add(i < 12 ? new(at, shift, 0.03, Between(0.4, 0.6), 8, 4) : new(shift, at, Between(0.4, 0.6), 0.025, 14, 4));
                }

                break;
            case StripeScene.Core:
                all.Add(new(0.05, 0.03, 0.7, 0.62, 35, 2.5));
                Scatter(60, 0.5, 0.015, 0.08, () => Between(-1, 4), longest: 1.8);
                for (var i = 0; i < 6; i++)
                {
                    all.Add(new(Between(-0.3, 0.4), Between(-0.3, 0.3), Between(0.004, 0.01), Between(0.1, 0.3), Between(0, 180), -2.5, IsRectangle: true));
                }

                break;
            case StripeScene.Nuts:
                for (var i = 0; i < 9; i++)
                {
                    var (x, y, size) = ((((i % 3) - 1) * 0.45) + Between(-0.03, 0.03), (((i / 3) - 1) * 0.45) + Between(-0.03, 0.03), Between(0.17, 0.21));
                    var tilt = Between(0, 180);
                    all.AddRange([new(x, y, size, 0.85 * size, tilt, 5), new(x, y, 0.88 * size, 0.73 * size, tilt, -5),
                        new(x + Between(-0.02, 0.02), y, 0.5 * size, 0.4 * size, Between(0, 180), 3), new(x, y, 0.15 * size, 0.3 * size, tilt, -2)]);
                }

                break;
            default:
                Scatter(120, 0.75, 0.02, 0.1, () => random.Next(3) switch { 0 => 3, 1 => 5, _ => 9 }, longest: 2.2);
                break;
        }

        return all;
    }
}
