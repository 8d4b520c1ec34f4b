using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>Kinds of stripes as the literature names them.</summary>
public enum StripeKind
{
    /// <summary>One to three columns, the same offset at every angle.</summary>
    Full,

    /// <summary>One or two columns at a part of the angles.</summary>
    Partial,

    /// <summary>Eight columns wide with blurred edges.</summary>
    Large,

    /// <summary>Columns that do not respond, or flicker.</summary>
    Dead,

    /// <summary>All of them.</summary>
    Mixed,
}

/// <summary>A sinogram of discs, noise and all, without and with stripes.</summary>
internal sealed class StripedPhantom
{
    internal const int Angles = 360;
    internal const int Columns = 360;

    private StripedPhantom(MemoryProjectionStack clean, MemoryProjectionStack striped, bool[] marked) =>
        (Clean, Striped, Marked) = (clean, striped, marked);

    internal MemoryProjectionStack Clean { get; }

    internal MemoryProjectionStack Striped { get; }

    /// <summary>Columns that have a stripe.</summary>
    internal bool[] Marked { get; }

    internal static StripedPhantom Make(StripeKind kind, double noise = 0.002)
    {
        Phantoms.Disc[] discs =
        [
            new(0.06, -0.04, 0.78, 0.006), new(0.3, -0.25, 0.22, 0.006), new(-0.35, 0.3, 0.15, -0.004), new(0.1, 0.5, 0.1, 0.01),
            new(-0.45, -0.35, 0.06, 0.012), new(0.55, 0.2, 0.04, 0.02),
        ];
        var clean = Phantoms.Project(discs, Phantoms.Angles(Angles), 1, Columns, 179.5);
        var random = new Random(12);
        for (var i = 0; i < clean.Memory.Length; i++)
        {
            clean.Memory.Span(i, 1)[0] += (float)(noise * Math.Sqrt(12) * (random.NextDouble() - 0.5));
        }

        var striped = new MemoryProjectionStack(clean.AnglesDegrees, 1, Columns) { Quantity = Quantity.LineIntegral };
        clean.Memory.CopyTo(striped.Memory);
        var marked = new bool[Columns];
        var all = kind == StripeKind.Mixed;
        if (all || kind == StripeKind.Full)
        {
            foreach (var (column, width, value) in new[] { (60, 1, 0.1), (85, 2, -0.07), (128, 1, 0.05), (173, 3, 0.06), (215, 1, -0.12), (270, 2, 0.08), (318, 1, 0.05) })
            {
                Add(column, width, 0, Angles, _ => value);
            }
        }

        if (all || kind == StripeKind.Partial)
        {
            foreach (var (column, width, from, to, value) in new[] { (98, 1, 0, 150, 0.1), (192, 2, 120, 300, 0.07), (245, 1, 200, 360, -0.1) })
            {
                Add(column, width, from, to, _ => value);
            }
        }

        if (all || kind == StripeKind.Large)
        {
            foreach (var (column, value) in new[] { (110, 0.15), (228, -0.12) })
            {
                for (var i = 0; i < 8; i++)
                {
                    var edge = i is 0 or 7 ? 0.5 : 1;
                    Add(column + i, 1, 0, Angles, _ => value * edge);
                }
            }
        }

        if (all || kind == StripeKind.Dead)
        {
            foreach (var (column, width) in new[] { (150, 1), (256, 2) })
            {
                Set(column, width, _ => 0.9f);
            }

            Set(302, 1, a => clean.Frame(a)[302] + (0.5f * (float)(random.NextDouble() - 0.5)));
        }

        return new StripedPhantom(clean, striped, marked);

        void Add(int column, int width, int from, int to, Func<int, double> offset) =>
            Set(column, width, a => null, (a, c) => a >= from && a < to ? (float)(clean.Frame(a)[c] + offset(a)) : clean.Frame(a)[c]);

        void Set(int column, int width, Func<int, float?> value, Func<int, int, float>? byColumn = null)
        {
            for (var c = column; c < column + width; c++)
            {
                marked[c] = true;
                for (var a = 0; a < Angles; a++)
                {
                    striped.Frame(a)[c] = byColumn?.Invoke(a, c) ?? value(a)!.Value;
                }
            }
        }
    }

    /// <summary>Part of the stripes' energy that is left, in their columns and beside them.</summary>
    internal double EnergyLeft(Sinogram result) =>
        Energy((a, c) => Marked[c] ? result.Row(a)[c] - Clean.Frame(a)[c] : 0) /
        Energy((a, c) => Marked[c] ? Striped.Frame(a)[c] - Clean.Frame(a)[c] : 0);

    /// <summary>Root mean square of the change in columns without stripes, as a part of that of their values.</summary>
    internal double ChangeElsewhere(Sinogram result) => Math.Sqrt(
        Energy((a, c) => Marked[c] ? 0 : result.Row(a)[c] - Clean.Frame(a)[c]) /
        Energy((a, c) => Marked[c] ? 0 : Clean.Frame(a)[c]));

    private static double Energy(Func<int, int, double> value)
    {
        double sum = 0;
        for (var a = 0; a < Angles; a++)
        {
            for (var c = 0; c < Columns; c++)
            {
                var v = value(a, c);
                sum += v * v;
            }
        }

        return sum;
    }
}
