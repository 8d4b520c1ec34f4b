using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>The bar: stripe energy down by 90 % with at most 1 % change elsewhere. docs/preprocessing.md has the table of every method.</summary>
public sealed class RingRemovalTests
{
    [Theory]
    [InlineData(StripeKind.Full, StripeMethod.All)]
    [InlineData(StripeKind.Partial, StripeMethod.All)]
    [InlineData(StripeKind.Large, StripeMethod.All)]
    [InlineData(StripeKind.Dead, StripeMethod.All)]
    [InlineData(StripeKind.Fluctuating, StripeMethod.All)]
    [InlineData(StripeKind.Mixed, StripeMethod.All)]
    [InlineData(StripeKind.LargePartial, StripeMethod.All)]
    [InlineData(StripeKind.Full, StripeMethod.Filtering)]
    [InlineData(StripeKind.Partial, StripeMethod.Filtering)]
    [InlineData(StripeKind.Full, StripeMethod.Large)]
    [InlineData(StripeKind.Partial, StripeMethod.Large)]
    [InlineData(StripeKind.Large, StripeMethod.Large)]
    [InlineData(StripeKind.Dead, StripeMethod.Dead)]
    [InlineData(StripeKind.Fluctuating, StripeMethod.Dead)]
    public void Simulated_stripes_go_and_the_sample_stays(StripeKind kind, StripeMethod method)
    {
        var phantom = StripedPhantom.Make(kind);
        var result = phantom.Striped.RemoveStripes(method).Sinogram(0);
        Assert.InRange(phantom.EnergyLeft(result), 0, 0.10);
        Assert.InRange(phantom.ChangeElsewhere(result), 0, 0.01);
    }

    [Theory]
    [InlineData(StripeMethod.All)]
    [InlineData(StripeMethod.Filtering)]
    public void Stripes_of_the_neutron_sinogram_go_and_the_sample_stays(StripeMethod method)
    {
        var neutron = NeutronSinogram.Load();
        Assert.InRange(neutron.StripeCount, 20, 80);
        var result = neutron.Stack.RemoveStripes(method).Sinogram(0);
        Assert.InRange(neutron.EnergyLeft(result), 0, 0.10);
        Assert.InRange(neutron.EnergyLeftOfEach(result), 0, 0.10);
        Assert.InRange(neutron.ChangeElsewhere(result), 0, 0.01);
    }

    /// <summary>Scenes on which nothing was chosen: three seeds of each of three scenes.</summary>
    [Theory]
    [InlineData(StripeKind.Full, StripeMethod.All)]
    [InlineData(StripeKind.Full, StripeMethod.Filtering)]
    [InlineData(StripeKind.Partial, StripeMethod.All)]
    [InlineData(StripeKind.Partial, StripeMethod.Filtering)]
    [InlineData(StripeKind.Large, StripeMethod.All)]
    [InlineData(StripeKind.Large, StripeMethod.Large)]
    [InlineData(StripeKind.Dead, StripeMethod.All)]
    [InlineData(StripeKind.Dead, StripeMethod.Dead)]
    [InlineData(StripeKind.Fluctuating, StripeMethod.All)]
    [InlineData(StripeKind.Fluctuating, StripeMethod.Dead)]
    [InlineData(StripeKind.Mixed, StripeMethod.All)]
    public void Methods_are_at_least_as_good_as_published_on_scenes_that_nobody_tuned_on(StripeKind kind, StripeMethod method)
    {
        var phantoms = Made(StripeScenes.HeldOut, kind);
        var ours = Measure(phantoms, new StripeOptions { Method = method });
        var published = Measure(phantoms, new StripeOptions { Method = method, AsPublished = true });
        Assert.True(ours.Gone > published.Gone - 0.005, $"{ours}, as published {published}");
        if (method == StripeMethod.All)
        {
            Assert.True(ours is { Gone: >= 0.9, Change: <= 0.01 }, $"{ours}");
        }
    }

    /// <summary>How many of nine sinograms meet the bar, on scenes that were made when the code was finished. The figures are those of the first run.</summary>
    [Theory]
    [InlineData(StripeKind.Full, 8)]
    [InlineData(StripeKind.Partial, 7)]
    [InlineData(StripeKind.Large, 7)]
    [InlineData(StripeKind.Dead, 5)]
    [InlineData(StripeKind.Fluctuating, 6)]
    [InlineData(StripeKind.Mixed, 7)]
    [InlineData(StripeKind.LargePartial, 5)]
    public void Sinograms_of_scenes_that_were_made_last_meet_the_bar_one_by_one(StripeKind kind, int count)
    {
        var figures = Measure(Made(StripeScenes.HeldOutAgain, kind), new StripeOptions());
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {figures}");
        Assert.True(figures.Met >= count, $"{figures}");
    }

    /// <summary>Writes the table of docs/preprocessing.md: scenes on which nothing was tuned.</summary>
    [Fact]
    public void Table()
    {
        Write("held out", StripeScenes.HeldOut, Enum.GetValues<StripeMethod>());
    }

    /// <summary>The same for the neutron sinogram.</summary>
    [Fact]
    public void Neutron_table()
    {
        var neutron = NeutronSinogram.Load();
        foreach (var method in Enum.GetValues<StripeMethod>())
        {
            var ours = neutron.Stack.RemoveStripes(method).Sinogram(0);
            var published = neutron.Stack.RemoveStripes(new StripeOptions { Method = method, AsPublished = true }).Sinogram(0);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"Neutron {method}: {1 - neutron.EnergyLeft(ours):0.0%} each {1 - neutron.EnergyLeftOfEach(ours):0.0%} {neutron.ChangeElsewhere(ours):0.00%}, as published " +
                $"{1 - neutron.EnergyLeft(published):0.0%} each {1 - neutron.EnergyLeftOfEach(published):0.0%} {neutron.ChangeElsewhere(published):0.00%}");
            Assert.True(double.IsFinite(neutron.EnergyLeft(ours)));
        }
    }

    private static void Write(string name, StripeScene[] scenes, StripeMethod[] methods)
    {
        foreach (var kind in Enum.GetValues<StripeKind>())
        {
            var phantoms = Made(scenes, kind);
            foreach (var method in methods)
            {
                var ours = Measure(phantoms, new StripeOptions { Method = method });
                var published = Measure(phantoms, new StripeOptions { Method = method, AsPublished = true });
                TestContext.Current.TestOutputHelper?.WriteLine($"{name} {kind} {method}: {ours}, as published {published}");
                Assert.True(double.IsFinite(ours.Gone));
            }
        }
    }

    private static List<StripedPhantom> Made(StripeScene[] scenes, StripeKind kind) =>
        [.. scenes.SelectMany(scene => new[] { 1, 2, 3 }.Select(seed => StripedPhantom.Make(kind, scene, seed)))];

    private static Figures Measure(List<StripedPhantom> phantoms, StripeOptions options)
    {
        var results = phantoms.ConvertAll(p => (Phantom: p, Result: p.Striped.RemoveStripes(options).Sinogram(0)));
        var gone = results.ConvertAll(r => 1 - r.Phantom.EnergyLeft(r.Result));
        var changes = results.ConvertAll(r => r.Phantom.ChangeElsewhere(r.Result));
        return new Figures(gone.Average(), gone.Min(), changes.Average(), changes.Max(), results.Count(r => 1 - r.Phantom.EnergyLeft(r.Result) >= 0.9 && r.Phantom.ChangeElsewhere(r.Result) <= 0.01), gone.Count);
    }

    private sealed record Figures(double Gone, double LeastGone, double Change, double MostChange, int Met, int Count)
    {
        public override string ToString() =>
            $"{Gone:0.0%} (worst {LeastGone:0.0%}) / {Change:0.00%} (worst {MostChange:0.00%}), met {Met} of {Count}";
    }

    [Theory]
    [InlineData(StripeMethod.All)]
    [InlineData(StripeMethod.Filtering)]
    public void A_sinogram_without_stripes_hardly_changes(StripeMethod method)
    {
        var phantom = StripedPhantom.Make(StripeKind.Full);
        Assert.InRange(phantom.ChangeElsewhere(phantom.Clean.RemoveStripes(method).Sinogram(0)), 0, 0.01);
    }

    [Fact]
    public void Rings_of_a_reconstruction_go()
    {
        const int N = 160;
        Phantoms.Disc[] discs = [new(0.1, -0.05, 0.7, 0.01), new(0.3, 0.2, 0.15, 0.01)];
        using var clean = Phantoms.Project(discs, Phantoms.Angles(240), 1, N, 79.5);
        using var striped = Phantoms.Project(discs, Phantoms.Angles(240), 1, N, 79.5);
        for (var a = 0; a < 240; a++)
        {
            striped.Frame(a)[50] += 0.05f;
            striped.Frame(a)[103] -= 0.05f;
        }

        var axis = new RotationAxis(79.5);
        using var truth = Reconstruction.Fbp(clean, axis);
        using var rings = Reconstruction.Fbp(striped, axis);
        using var cleaned = rings.RemoveRings(new RingOptions { ArcDegrees = 40 });
        double before = 0, after = 0;
        for (var i = 0; i < N * N; i++)
        {
            before += Math.Pow(rings.Memory.Span(i, 1)[0] - truth.Memory.Span(i, 1)[0], 2);
            after += Math.Pow(cleaned.Memory.Span(i, 1)[0] - truth.Memory.Span(i, 1)[0], 2);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"energy of the rings left: {after / before:0.0%}");
        Assert.InRange(after / before, 0, 0.35);
        using var untouched = truth.RemoveRings(new RingOptions { ArcDegrees = 40 });
        double change = 0, all = 0;
        for (var i = 0; i < N * N; i++)
        {
            change += Math.Pow(untouched.Memory.Span(i, 1)[0] - truth.Memory.Span(i, 1)[0], 2);
            all += Math.Pow(truth.Memory.Span(i, 1)[0], 2);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"change of a slice without rings: {Math.Sqrt(change / all):0.00%}");
        Assert.InRange(Math.Sqrt(change / all), 0, 0.02);
    }
}
