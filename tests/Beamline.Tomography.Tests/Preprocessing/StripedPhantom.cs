using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>Kinds of stripes as the literature names them.</summary>
public enum StripeKind
{
    /// <summary>One to three columns, the same offset at every angle.</summary>
    Full,

    /// <summary>One or two columns at a part of the angles.</summary>
    Partial,

    /// <summary>Six to twelve columns wide with blurred edges.</summary>
    Large,

    /// <summary>Columns that do not respond.</summary>
    Dead,

    /// <summary>Columns that flicker.</summary>
    Fluctuating,

    /// <summary>All of them, but for the next one.</summary>
    Mixed,

    /// <summary>Six to twelve columns wide at a part of the angles.</summary>
    LargePartial,
}

/// <summary>A sinogram without and with stripes that were put on it, and what a method leaves of them.</summary>
internal sealed class StripedPhantom
{
    private readonly Random _random;
    private readonly bool[] _near;

    private StripedPhantom(MemoryProjectionStack clean, int seed)
    {
        Clean = clean;
        Striped = new MemoryProjectionStack(clean.AnglesDegrees, 1, clean.ColumnCount) { Quantity = Quantity.LineIntegral };
        clean.Memory.CopyTo(Striped.Memory);
        Marked = new bool[clean.ColumnCount];
        _near = new bool[clean.ColumnCount];
        _random = new Random(seed);
    }

    internal MemoryProjectionStack Clean { get; }

    internal MemoryProjectionStack Striped { get; }

    /// <summary>Columns that have a stripe.</summary>
    internal bool[] Marked { get; }

    private int Angles => Clean.AngleCount;

    /// <summary>A scene with stripes drawn by a seed: offsets of 3 to 12 % of the mean value (large ones 6 to 20 %), one narrow stripe for every 50 columns.</summary>
    internal static StripedPhantom Make(StripeKind kind, StripeScene scene = StripeScene.Discs, int seed = 1)
    {
        var phantom = new StripedPhantom(StripeScenes.Project(scene), (1000 * seed) + (10 * (int)scene) + (int)kind);
        var narrow = phantom.Clean.ColumnCount / 50;
        var (all, part) = (kind == StripeKind.Mixed, kind == StripeKind.Mixed ? 2 : 1);
        if (all || kind == StripeKind.Large)
        {
            phantom.Large(3 - (part / 2), partial: false);
        }

        if (kind == StripeKind.LargePartial)
        {
            phantom.Large(3, partial: true);
        }

        if (all || kind == StripeKind.Full)
        {
            phantom.Offsets(narrow / part, 3, partial: false);
        }

        if (all || kind == StripeKind.Partial)
        {
            phantom.Offsets(narrow / part, 2, partial: true);
        }

        if (all || kind == StripeKind.Dead)
        {
            phantom.Dead(3 - (part / 2));
        }

        if (all || kind == StripeKind.Fluctuating)
        {
            phantom.Fluctuating(3 - (part / 2));
        }

        return phantom;
    }

    /// <summary>Part of the stripes' energy (sum of squares over all angles of the columns with a stripe) that is left in their columns.</summary>
    internal double EnergyLeft(Sinogram result) =>
        Energy((a, c) => Marked[c] ? result.Row(a)[c] - Clean.Frame(a)[c] : 0) /
        Energy((a, c) => Marked[c] ? Striped.Frame(a)[c] - Clean.Frame(a)[c] : 0);

    /// <summary>Root mean square of the change in columns without stripes, as a part of that of their values.</summary>
    internal double ChangeElsewhere(Sinogram result) => Math.Sqrt(
        Energy((a, c) => Marked[c] ? 0 : result.Row(a)[c] - Clean.Frame(a)[c]) /
        Energy((a, c) => Marked[c] ? 0 : Clean.Frame(a)[c]));

    private void Offsets(int count, int widest, bool partial)
    {
        for (var i = 0; i < count; i++)
        {
            var (column, width) = Place(1 + _random.Next(widest));
            var value = Sign() * Between(0.03, 0.12);
            // A draw for full stripes too: those of a seed stay as they were.
            var (from, length) = partial ? Part() : (_random.Next(1), Angles);
            Put(column, width, (a, _, clean) => a >= from && a < from + length ? (float)(clean + value) : clean);
        }
    }

    private void Large(int count, bool partial)
    {
        for (var i = 0; i < count; i++)
        {
            var (column, width) = Place(6 + _random.Next(7));
            var value = Sign() * Between(0.06, 0.2);
            var (from, length) = partial ? Part() : (0, Angles);
            Put(column, width, (a, c, clean) =>
                a >= from && a < from + length ? (float)(clean + (c == column || c == column + width - 1 ? value / 2 : value)) : clean);
        }
    }

    private void Dead(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (column, width) = Place(1 + _random.Next(2));
            var value = (float)Between(0.2, 1.8);
            Put(column, width, (_, _, _) => value);
        }
    }

    private void Fluctuating(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (column, width) = Place(1 + _random.Next(2));
            Put(column, width, (_, _, clean) => (float)(clean + Between(-0.3, 0.3)));
        }
    }

    /// <summary>A quarter to 60 % of the angles.</summary>
    private (int From, int Length) Part()
    {
        var length = (int)(Angles * Between(0.25, 0.6));
        return (_random.Next(Angles - length + 1), length);
    }

    private int Sign() => _random.Next(2) == 0 ? -1 : 1;

    private double Between(double low, double high) => low + ((high - low) * _random.NextDouble());

    /// <summary>A place that is 5 columns or more from other stripes and 10 from the edges.</summary>
    private (int Column, int Width) Place(int width)
    {
        const int Gap = 5;
        for (var attempt = 0; attempt < 10_000; attempt++)
        {
            var column = 10 + _random.Next(Marked.Length - 20 - width);
            if (!_near.AsSpan(column, width).Contains(true))
            {
                _near.AsSpan(Math.Max(0, column - Gap)..Math.Min(_near.Length, column + width + Gap)).Fill(true);
                return (column, width);
            }
        }

        throw new InvalidOperationException("There is no room for another stripe.");
    }

    private void Put(int column, int width, Func<int, int, float, float> value)
    {
        for (var c = column; c < column + width; c++)
        {
            Marked[c] = true;
            for (var a = 0; a < Angles; a++)
            {
                Striped.Frame(a)[c] = value(a, c, Clean.Frame(a)[c]);
            }
        }
    }

    private double Energy(Func<int, int, double> value)
    {
        double sum = 0;
        for (var a = 0; a < Angles; a++)
        {
            for (var c = 0; c < Marked.Length; c++)
            {
                var v = value(a, c);
                sum += v * v;
            }
        }

        return sum;
    }
}
