using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>The network that is compared, as far as a comparison must know it.</summary>
/// <param name="Name">Name of the network.</param>
/// <param name="Apply">Denoises all projections.</param>
/// <param name="TrainedViews">Views that it has seen the better picture of.</param>
/// <param name="Neighbors">Neighboring views that go into one.</param>
internal sealed record ComparedNetwork(string Name, Func<ProjectionStack, ProjectionStack> Apply, IReadOnlyList<int> TrainedViews, int Neighbors);

/// <summary>One comparison on a scan: projections, and slices after reconstruction.</summary>
internal sealed class ScanComparison
{
    internal const string Uniform = "uniform dose";
    private const int MostTuned = 4;

    private readonly ComparedNetwork _network;
    private readonly ProjectionStack _noisy;
    private readonly ProjectionStack? _reference;
    private readonly ComparisonOptions _options;
    private readonly SliceMaker _slices;
    private readonly int[] _views;
    private readonly int[] _tuned;
    private readonly double _sigma;
    private readonly PictureScorer _onProjections;
    private readonly PictureScorer _onSlices;
    private readonly List<ComparisonRow> _projectionRows = [];
    private readonly List<ComparisonRow> _sliceRows = [];

    private ScanComparison(ComparedNetwork network, ProjectionStack noisy, ProjectionStack? reference, ComparisonOptions options)
    {
        (_network, _noisy, _reference, _options) = (network, noisy, reference, options);
        int[] unseen = [.. Enumerable.Range(0, noisy.AngleCount).Except(network.TrainedViews)];
        _views = [.. options.Views ?? Spread(unseen.Length > 0 ? unseen : [.. Enumerable.Range(0, noisy.AngleCount)], 24)];
        _tuned = [.. Spread(_views, MostTuned)];
        int[] slices = [.. options.Slices ?? Enumerable.Range(1, 3).Select(i => Math.Min(i * noisy.RowCount / 4, noisy.RowCount - 1)).Distinct()];
        _sigma = _tuned.Average(v => NoiseEstimate.Sigma(noisy.Projection(v)));
        Report(0, "the reference");
        _slices = new SliceMaker(options.Axis ?? RotationAxis.Find(reference ?? noisy), options.Fbp, slices);
        var middle = _views[_views.Length / 2];
        _onProjections = new PictureScorer(
            ComparisonDomain.Projections, reference is null ? null : Frames(reference), noisy.Projection(middle), options.ProjectionDataRange, double.PositiveInfinity, null, options.ReferenceIsExact);
        var truth = reference is null ? null : _slices.Make(reference, options.ReferenceIsExact ? options.Fbp with { Filter = FbpFilter.RamLak, Response = null } : null);
        _onSlices = new PictureScorer(
            ComparisonDomain.Slices, truth, _slices.Make(noisy)[slices.Length / 2], options.SliceDataRange, options.DiscFraction, options.FlatRegion, options.ReferenceIsExact);
    }

    private bool IsOnReference => _reference is not null && _options.Tuning != FilterTuning.Noise;

    private string TunedChoice => IsOnReference ? FilterChoice.OnReference : FilterChoice.FromNoise;

    internal static DenoisingComparison Run(ComparedNetwork network, ProjectionStack noisy, ProjectionStack? reference, ComparisonOptions options)
    {
        ScanCheck.Check(noisy, reference, options);
        using var job = RunJob.Start("comparison");
        using var scan = noisy.IsLazy ? noisy.Materialize() : null;
        using var truth = reference?.IsLazy == true ? reference.Materialize() : null;
        ScanCheck.CheckFinite(scan ?? noisy, "The noisy scan", nameof(noisy));
        foreach (var (stack, name) in options.Others.Select(o => (o.Projections, $"'{o.Name}'")))
        {
            ScanCheck.CheckFinite(stack, name, nameof(options));
        }

        if ((truth ?? reference) is { } exact)
        {
            ScanCheck.CheckFinite(exact, "The reference", nameof(reference));
        }

        var made = new ScanComparison(network, scan ?? noisy, truth ?? reference, options).Make();
        job.Complete(new JobResult(made));
        return made;
    }

    /// <summary>At most so many of some indices, spread evenly.</summary>
    internal static int[] Spread(IReadOnlyList<int> indices, int most) =>
        indices.Count <= most ? [.. indices] : [.. Enumerable.Range(0, most).Select(i => indices[(int)((i + 0.5) * indices.Count / most)])];

    private DenoisingComparison Make()
    {
        var cost = _options.Dose?.EffectivePhotonsPerPixel(_noisy.AngleCount);
        Add(new ComparisonRow { Method = "as measured", PhotonsPerPixel = _options.Dose?.LowPhotonsPerPixel, Picture = null! }, _noisy);
        Report(0.1, "the network");
        var watch = Stopwatch.StartNew();
        using (var made = _network.Apply(_noisy))
        {
            var seconds = watch.Elapsed.TotalSeconds / _noisy.AngleCount;
            Add(new ComparisonRow { Method = "network", Parameter = _network.Name, Choice = FilterChoice.Trained, SecondsPerPicture = seconds, PhotonsPerPixel = cost, Picture = null! }, made);
        }

        var best = AddFilters();
        Report(0.9, "other scans");
        if (cost is { } photons && _options.ReferenceIsExact && _reference is not null)
        {
            AddUniform(photons, best);
        }

        foreach (var other in _options.Others)
        {
            Add(new ComparisonRow { Method = other.Name, PhotonsPerPixel = other.PhotonsPerPixel, Picture = null! }, other.Projections);
        }

        return new DenoisingComparison
        {
            Projections = _projectionRows,
            Slices = _sliceRows,
            Reference = _reference is null ? "even against odd views" : _options.ReferenceIsExact ? "against exact projections" : "against the reference scan",
            ProjectionDataRange = _onProjections.Range,
            SliceDataRange = _onSlices.Range,
            ReferenceProjection = _onProjections.MiddleTruth,
            ReferenceSlice = _onSlices.MiddleTruth,
            FlatRegion = _onSlices.Flat,
            Notes = [.. Notes()],
        };
    }

    /// <summary>A row of each filter in both tables; says which family did best in each.</summary>
    private (FilterFamily? OnProjections, FilterFamily? OnSlices) AddFilters()
    {
        var work = _options.Filters is { } given
            ? [.. given.Select(f => ((FilterFamily?)null, (NoiseFilter?)f))]
            : FilterFamily.All(_sigma).Select(f => ((FilterFamily?)f, (NoiseFilter?)null)).ToArray();
        var choice = _options.Filters is not null ? FilterChoice.Given : TunedChoice;
        var (families, first) = (new List<FilterFamily?>(), _projectionRows.Count);
        foreach (var (family, filter) in work)
        {
            Report(0.25 + (0.65 * families.Count / work.Length), "classical filters");
            Add(filter ?? family!.Tune(f => ProjectionRisk(_noisy, f)), filter ?? family!.Tune(f => SliceRisk(_noisy, f)), choice);
            families.Add(family);
        }

        FilterFamily? Best(List<ComparisonRow> rows) => families.Count == 0 || _reference is null ? null : families[Enumerable.Range(0, families.Count).MinBy(i => rows[first + i].Rmse)];
        return (Best(_projectionRows), Best(_sliceRows));
    }

    private void Add(NoiseFilter forProjections, NoiseFilter forSlices, string choice)
    {
        var seconds = Time(forProjections);
        AddProjections(Row(forProjections, choice, seconds, _options.Dose?.LowPhotonsPerPixel), Filtered(_noisy, forProjections, _views));
        AddSlices(Row(forSlices, choice, seconds, _options.Dose?.LowPhotonsPerPixel), _slices.Filter(_noisy, forSlices));
    }

    /// <summary>The fair opponent: the same photons, spread evenly over all views; as it is, and with the filter that did best.</summary>
    private void AddUniform(double photons, (FilterFamily? OnProjections, FilterFamily? OnSlices) best)
    {
        using var uniform = PhotonNoise.Measure(_reference!, photons, _options.Seed);
        Add(new ComparisonRow { Method = Uniform, PhotonsPerPixel = photons, Picture = null! }, uniform);
        if (best is not ({ } onProjections, { } onSlices))
        {
            return;
        }

        ComparisonRow Named(NoiseFilter filter)
        {
            var row = Row(filter, TunedChoice, Time(filter), photons);
            return row with { Method = $"{Uniform}, {row.Method}" };
        }

        var forProjections = onProjections.Tune(f => ProjectionRisk(uniform, f));
        AddProjections(Named(forProjections), Filtered(uniform, forProjections, _views));
        var forSlices = onSlices.Tune(f => SliceRisk(uniform, f));
        AddSlices(Named(forSlices), _slices.Filter(uniform, forSlices));
    }

    private void Add(ComparisonRow row, ProjectionStack stack)
    {
        AddProjections(row, Frames(stack));
        AddSlices(row, _slices.Pick(stack));
    }

    private void AddProjections(ComparisonRow row, IReadOnlyList<Image> made) => _projectionRows.Add(_onProjections.Score(row, made));

    private void AddSlices(ComparisonRow row, ProjectionStack rows)
    {
        using (rows)
        {
            _sliceRows.Add(_onSlices.Score(row, _slices.Reconstruct(rows), _reference is null ? _slices.Halves(rows) : null));
        }
    }

    private double ProjectionRisk(ProjectionStack scan, NoiseFilter filter) => IsOnReference
        ? _tuned.Average(v => Math.Pow(ImageQuality.Rmse(_reference!.Projection(v), filter.Apply(scan.Projection(v))), 2))
        : _tuned.Average(v => SteinRisk.Of(scan.Projection(v), _sigma, filter));

    private double SliceRisk(ProjectionStack scan, NoiseFilter filter)
    {
        if (!IsOnReference)
        {
            return ProjectionRisk(scan, filter);
        }

        using var rows = _slices.Filter(scan, filter);
        return _onSlices.MeanSquare(_slices.Reconstruct(rows));
    }

    private List<Image> Frames(ProjectionStack stack) => [.. _views.Select(stack.Projection)];

    private static List<Image> Filtered(ProjectionStack scan, NoiseFilter filter, int[] views) => [.. views.Select(v => filter.Apply(scan.Projection(v)))];

    private static ComparisonRow Row(NoiseFilter filter, string choice, double seconds, double? photons)
    {
        var (method, parameter) = FilterFamily.Describe(filter);
        return new ComparisonRow { Method = method, Parameter = parameter, Choice = choice, SecondsPerPicture = seconds, PhotonsPerPixel = photons, Picture = null! };
    }

    private double Time(NoiseFilter filter)
    {
        var image = _noisy.Projection(_views[0]);
        var watch = Stopwatch.StartNew();
        filter.Apply(image);
        return watch.Elapsed.TotalSeconds;
    }

    private static void Report(double fraction, string detail) => RunContext.Current.Report("comparison", fraction, detail);

    private IEnumerable<string> Notes()
    {
        yield return $"{_views.Length} {(_options.Views is null ? "" : "given ")}projections and {_slices.Count} slices were scored"
            + (_views.Intersect(_network.TrainedViews).Any() ? "; careful: the network was trained on some of these projections." : _network.TrainedViews.Count > 0 ? "; the network was not trained on these projections." : ".");
        yield return "What is better on projections need not be better after reconstruction: judge by the slices.";
        foreach (var note in FlatSearch.Say(_onSlices.Flat, _options.ReferenceIsExact))
        {
            yield return note;
        }

        if (_options.Dose is { } dose)
        {
            yield return FormattableString.Invariant(
                $"Dose: {dose.LowPhotonsPerPixel:0} photons a pixel in each of {_noisy.AngleCount} views, and {dose.NormalPhotonsPerPixel:0} in {dose.NormalViews} of them, which the network needs: as much as {dose.EffectivePhotonsPerPixel(_noisy.AngleCount):0} in all views.");
        }

        if (_reference is null)
        {
            yield return "Resolution without a reference: what slices of the even and of the odd views have in common. What a method invents in both counts as resolved; a filter that blurs is found out.";
            if (_network.Neighbors > 0)
            {
                yield return "The network looks at neighboring views, so that even and odd views are not independent: its resolution looks better than it is.";
            }
        }
    }
}
