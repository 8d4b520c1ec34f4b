using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests.Preprocessing;

public sealed class FrameStepTests
{
    [Fact]
    public void Zingers_go_and_nothing_else_changes()
    {
        var random = new Random(8);
        using var stack = Smooth(Quantity.Transmission, (a, y, x) => 0.8 + (0.1 * Math.Sin(x / 9.0)) + (0.01 * (random.NextDouble() - 0.5)));
        using var dirty = Copy(stack);
        var hit = new[] { (0, 5, 5), (1, 0, 0), (2, 19, 29), (3, 7, 0), (3, 7, 1) };
        foreach (var (a, y, x) in hit)
        {
            dirty.Frame(a)[(y * 30) + x] += 0.7f;
        }

        dirty.Frame(2)[100] -= 0.5f;
        var clean = dirty.RemoveZingers().Materialize();
        for (var i = 0L; i < stack.Memory.Length; i++)
        {
            var (a, y, x) = ((int)(i / 600), (int)(i % 600 / 30), (int)(i % 30));
            var (was, now, truth) = (dirty.Frame(a)[(y * 30) + x], clean.Frame(a)[(y * 30) + x], stack.Frame(a)[(y * 30) + x]);
            if (hit.Contains((a, y, x)))
            {
                Assert.Equal(truth, now, 0.03);
            }
            else
            {
                Assert.Equal(was, now);
            }
        }

        Assert.Equal(stack.Frame(2)[100], dirty.RemoveZingers(new ZingerOptions { DarkToo = true }).Projection(2).Values[100], 0.03);
        Assert.Equal(dirty.Frame(1)[0] - 0.7f, clean.Frame(1)[0], 0.03);
    }

    [Fact]
    public void Air_reads_one_or_zero_again()
    {
        double Truth(int x) => x is >= 6 and < 24 ? 0.5 : 1;
        using var drift = Smooth(Quantity.Transmission, (a, y, x) => Truth(x) * (1.2 + (0.01 * a) - (0.004 * x)));
        using var log = Smooth(Quantity.LineIntegral, (a, y, x) => -Math.Log(Truth(x)) + 0.3 + (0.02 * x) + (0.01 * y));
        var options = new BackgroundOptions { AirColumns = 5 };
        foreach (var x in new[] { 0, 3, 10, 20, 29 })
        {
            Assert.Equal(Truth(x), drift.NormalizeBackground(options).Projection(3)[4, x], 1e-5);
            Assert.Equal(-Math.Log(Truth(x)), log.NormalizeBackground(options).Projection(3)[4, x], 1e-5);
        }

        Assert.Throws<ArgumentException>(() => log.NormalizeBackground(new BackgroundOptions { AirColumns = 16 }));
    }

    [Fact]
    public void Doses_divide()
    {
        using var stack = Smooth(Quantity.Counts, (a, y, x) => 1000 * (a + 1));
        var level = stack.Apply(new DoseOptions([1, 2, 3, 4]));
        Assert.All(Enumerable.Range(0, 4), a => Assert.Equal(2500, level.Projection(a)[3, 3], 1e-2));
        Assert.Throws<ArgumentException>(() => stack.Apply(new DoseOptions([1, 2, 3])));
        Assert.Throws<ArgumentException>(() => new DoseOptions([1, 0, 1]));
    }

    [Fact]
    public void Bad_pixels_are_found_and_filled_in_both_directions()
    {
        using var stack = Smooth(Quantity.Counts, (a, y, x) => 100 + (3 * x) + (2 * y));
        var flat = stack.Projection(0);
        flat[4, 7] = 0;
        flat[9, 20] = float.NaN;
        flat[15, 3] = 5000;
        var mask = BadPixelOptions.Find(flat);
        Assert.Equal(3, mask.Values.ToArray().Count(v => v != 0));
        Assert.Equal(1, mask[9, 20]);
        for (var x = 10; x < 16; x++)
        {
            mask[12, x] = 1; // a dead piece of a row: only the rows above and below know
        }

        using var damaged = Copy(stack);
        for (var i = 0; i < 600; i++)
        {
            damaged.Frame(2)[i] = mask.Values[i] != 0 ? -1 : damaged.Frame(2)[i];
        }

        var filled = damaged.Apply(new BadPixelOptions(mask)).Projection(2);
        Assert.All(Enumerable.Range(0, 600), i => Assert.Equal(stack.Frame(2)[i], filled.Values[i], 1e-3));
        var error = Assert.Throws<ArgumentException>(() => stack.Apply(new BadPixelOptions(new Image(5, 5))));
        Assert.Contains("5 x 5", error.Message, StringComparison.Ordinal);
        var all = new Image(20, 30);
        all.Values.Fill(1);
        Assert.Contains("inverted", Assert.Throws<ArgumentException>(() => stack.Apply(new BadPixelOptions(all))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lost_and_saturated_projections_take_the_mean_of_their_neighbors()
    {
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var stack = new MemoryProjectionStack(Phantoms.Angles(20), 3, 5) { Quantity = Quantity.Counts };
        for (var a = 0; a < 20; a++)
        {
            stack.Frame(a).Fill(1000 + (10 * a));
        }

        stack.Frame(8).Fill(float.NaN);
        stack.Frame(12)[7] = 65535;
        stack.Frame(0)[2] = float.PositiveInfinity;
        var repaired = stack.RepairValues(new RepairOptions { SaturationLevel = 65535 });
        Assert.All(repaired.Projection(8).Values.ToArray(), v => Assert.Equal(1080, v));
        Assert.Equal(1120, repaired.Projection(12).Values[7]);
        Assert.Equal(1010, repaired.Projection(0).Values[2]);
        Assert.Single(warnings);
        Assert.Contains("saturated", warnings[0], StringComparison.Ordinal);

        for (var a = 0; a < 5; a++)
        {
            stack.Frame(a).Fill(65535);
        }

        var error = Assert.Throws<InvalidDataException>(() => stack.RepairValues(new RepairOptions { SaturationLevel = 65535 }).Projection(0));
        Assert.Contains("shorten the exposure", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_projection_of_nothing_but_NaN_is_named_by_steps_that_need_it()
    {
        using var stack = Smooth(Quantity.Transmission, (_, _, _) => 0.5);
        stack.Frame(2).Fill(float.NaN);
        var error = Assert.Throws<InvalidDataException>(() => stack.RemoveZingers().Projection(2));
        Assert.Contains("Projection 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("RepairValues", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stripe_removal_fills_NaN_and_says_so_once()
    {
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        var phantom = StripedPhantom.Make(StripeKind.Full);
        phantom.Striped.Frame(17).Fill(float.NaN);
        phantom.Striped.Frame(40)[200] = float.NegativeInfinity;
        foreach (var method in Enum.GetValues<StripeMethod>())
        {
            var result = phantom.Striped.RemoveStripes(method).Sinogram(0).Values.ToArray();
            Assert.All(result, v => Assert.True(float.IsFinite(v)));
        }

        Assert.Equal(Enum.GetValues<StripeMethod>().Length, warnings.Count);
        Assert.Contains("361", warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Sinograms_that_are_too_small_for_statistics_are_refused()
    {
        using var few = new MemoryProjectionStack(Phantoms.Angles(5), 2, 40);
        Assert.Contains("8 angles", Assert.Throws<ArgumentException>(() => few.RemoveStripes(StripeMethod.All)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StripeOptions { Size = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StripeOptions { SignalToNoise = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StripeOptions { VanishingMoments = 11 });
    }

    [Fact]
    public void Beam_hardening_bends_a_step_wedge_straight()
    {
        // Two energies: p(t) = -ln((exp(-2 t) + exp(-t / 2)) / 2), and the ideal is t times the mean attenuation.
        double[] thickness = [.. Enumerable.Range(0, 30).Select(i => i / 10.0)];
        double[] measured = [.. thickness.Select(t => -Math.Log((Math.Exp(-2 * t) + Math.Exp(-t / 2)) / 2))];
        double[] ideal = [.. thickness.Select(t => 1.25 * t)];
        var fit = BeamHardeningOptions.Fit(measured, ideal, 6);
        using var stack = new MemoryProjectionStack([0], 1, 30) { Quantity = Quantity.LineIntegral };
        measured.Select(v => (float)v).ToArray().CopyTo(stack.Frame(0));
        var corrected = stack.Apply(fit).Projection(0).Values.ToArray();
        Assert.All(ideal.Zip(corrected), p => Assert.Equal(p.First, p.Second, 0.01));
        Assert.True(measured[^1] < 0.7 * ideal[^1]);
        using var raw = Smooth(Quantity.Transmission, (_, _, _) => 1);
        Assert.Throws<ArgumentException>(() => raw.Apply(fit));
    }

    internal static MemoryProjectionStack Smooth(Quantity quantity, Func<int, int, int, double> value, int angles = 4, int rows = 20, int columns = 30)
    {
        var stack = new MemoryProjectionStack(Phantoms.Angles(angles), rows, columns) { Quantity = quantity };
        for (var a = 0; a < angles; a++)
        {
            for (var i = 0; i < rows * columns; i++)
            {
                stack.Frame(a)[i] = (float)value(a, i / columns, i % columns);
            }
        }

        return stack;
    }

    private static MemoryProjectionStack Copy(MemoryProjectionStack stack)
    {
        var copy = new MemoryProjectionStack(stack.AnglesDegrees, stack.RowCount, stack.ColumnCount) { Quantity = stack.Quantity };
        stack.Memory.CopyTo(copy.Memory);
        return copy;
    }
}
