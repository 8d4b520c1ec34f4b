using System.Text.RegularExpressions;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>Operators and regularizers from outside the library; those of the documentation, word for word.</summary>
public sealed class OwnOperatorTests
{
    private const int N = 32;

    [Fact]
    public void The_documentation_shows_this_code()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Interactive.sln")))
        {
            folder = folder.Parent!;
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "iterative.md"));
        var source = File.ReadAllText(Path.Combine(folder.FullName, "tests", "Beamline.Tomography.Tests", "Iterative", "IterativeDocsExample.cs"));
        var shown = Regex.Matches(page, "```csharp\n// compiled: (\\w+)\n(.*?)```", RegexOptions.Singleline);
        Assert.Equal(2, shown.Count);
        foreach (Match block in shown)
        {
            Assert.Contains(block.Groups[2].Value.Trim(), source, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(IterativeMethod.Sirt)]
    [InlineData(IterativeMethod.Cgls)]
    [InlineData(IterativeMethod.Lsqr)]
    [InlineData(IterativeMethod.Tikhonov)]
    [InlineData(IterativeMethod.Mlem)]
    [InlineData(IterativeMethod.TvFista)]
    [InlineData(IterativeMethod.TvPdhg)]
    public void A_blurring_detector_is_undone_by_an_operator_that_blurs(IterativeMethod method)
    {
        using var sharp = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 1, 64, 31.5);
        using var blurred = new MemoryProjectionStack(sharp.AnglesDegrees, 1, 64) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < sharp.AngleCount; a++)
        {
            for (var d = 0; d < 64; d++)
            {
                var row = sharp.Frame(a);
                blurred.Frame(a)[d] = (0.5f * row[d]) + (0.25f * (row[Math.Max(d - 1, 0)] + row[Math.Min(d + 1, 63)]));
            }
        }

        var options = new IterativeOptions
        {
            Method = method,
            Iterations = method is IterativeMethod.Sirt or IterativeMethod.Mlem or IterativeMethod.TvPdhg ? 300 : 40,
        };
        using var plain = IterativeReconstruction.Run(blurred, new RotationAxis(31.5), options);
        using var own = IterativeReconstruction.Run(blurred, new RotationAxis(31.5), options with { Operator = g => new BlurredProjector(g) });
        Assert.True(Error(own.Volume) < 0.97 * Error(plain.Volume), $"{Error(own.Volume)} against {Error(plain.Volume)}");
        Assert.Equal(0.01, IterativeValueTests.Mean(own.Volume, 0, 31.5, 45, 2), 4e-4);
    }

    [Fact]
    public void A_regularizer_of_ones_own_is_taken_and_named()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(40), 2, N, 15.5);
        var options = new IterativeOptions { Method = IterativeMethod.TvFista, Regularizer = new SparseValues(), Iterations = 60 };
        using var weak = IterativeReconstruction.Run(projections, new RotationAxis(15.5), options with { Regularization = 1e-3 });
        using var strong = IterativeReconstruction.Run(projections, new RotationAxis(15.5), options with { Regularization = 0.5 });
        Assert.True(Zeros(strong.Volume) > Zeros(weak.Volume) && Zeros(weak.Volume) > 20, $"{Zeros(strong.Volume)}, {Zeros(weak.Volume)} zeros");
        Assert.Contains("sparse values", weak.Volume.Provenance.ToString(), StringComparison.Ordinal);
        // At the weight of the steepest slope nothing is worth its price.
        using var all = IterativeReconstruction.Run(projections, new RotationAxis(15.5), options with { Regularization = 1.0001 });
        Assert.Equal(N * N, Zeros(all.Volume));
    }

    [Fact]
    public void Any_operator_can_be_solved_for_one_slab()
    {
        using var projector = new ParallelProjector(new ParallelGeometry(Phantoms.Angles(40), N));
        using var truth = projector.Domain.Allocate(16);
        using var data = projector.Range.Allocate(16);
        var random = new Random(3);
        for (var y = 8; y < 24; y++)
        {
            for (var x = 8; x < 24; x++)
            {
                for (var lane = 0; lane < 15; lane++)
                {
                    truth[y, x, lane] = (lane + 1) * random.NextSingle();
                }
            }
        }

        projector.Forward(truth, data);
        using var cgls = IterativeSolver.Solve(projector, data, new IterativeOptions { Method = IterativeMethod.Cgls, Iterations = 200 });
        Assert.InRange(TestSlabs.RelativeDifference(cgls.Slices, truth), 0, 0.15);
        Assert.InRange(cgls.History[^1].RelativeResidual, 0, 1e-3);
        Assert.Equal(16, cgls.Stops.Count);
        Assert.Equal(StopReason.Exact, cgls.Stops[15].Reason);
        using var own = IterativeSolver.Solve(projector, data, new IterativeOptions { Method = IterativeMethod.OsSart, Iterations = 2 }, cgls.Slices);
        Assert.InRange(own.History[0].RelativeResidual, 0, 0.01);
        Assert.Throws<ArgumentException>(() => IterativeSolver.Solve(projector, truth));
        Assert.Contains("CheckpointFolder", Assert.Throws<ArgumentException>(
            () => IterativeSolver.Solve(projector, data, new IterativeOptions { CheckpointFolder = "x" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_transpose_is_seen_and_told()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 1, N, 15.5);
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var result = IterativeReconstruction.Run(projections, new RotationAxis(15.5), new IterativeOptions
        {
            Method = IterativeMethod.Cgls, Iterations = 100, Operator = g => new WrongTranspose(g),
        });
        Assert.Equal(StopReason.Diverged, result.Stops[0].Reason);
        Assert.InRange(result.Stops[0].RelativeResidual, 0, 1);
        Assert.Contains(warnings, w => w.Contains("(A x, y) = (x, A' y)", StringComparison.Ordinal));
    }

    [Fact]
    public void An_operator_that_cannot_be_split_is_refused_for_subsets()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 1, N, 15.5);
        var error = Assert.Throws<ArgumentException>(() => IterativeReconstruction.Run(projections, new RotationAxis(15.5), new IterativeOptions
        {
            Method = IterativeMethod.OsSart, Operator = g => new BlurredProjector(g),
        }));
        Assert.Contains("ISplitOperator", error.Message, StringComparison.Ordinal);
    }

    private static int Zeros(Volume volume) => volume.Slice(0).ToArray().Count(v => v == 0);

    private static double Error(Volume volume)
    {
        double sum = 0;
        for (var y = 0; y < volume.RowCount; y++)
        {
            for (var x = 0; x < volume.ColumnCount; x++)
            {
                sum += Math.Pow(volume[0, y, x] - Phantoms.Truth(Phantoms.Three, volume.ColumnCount, x, y), 2);
            }
        }

        return Math.Sqrt(sum);
    }

    /// <summary>A projector whose "transpose" turns the sinogram upside down.</summary>
    private sealed class WrongTranspose(ParallelGeometry geometry) : ILinearOperator
    {
        private readonly ParallelProjector _projector = new(geometry);

        public SlabShape Domain => _projector.Domain;

        public SlabShape Range => _projector.Range;

        public void Forward(InterleavedSlab x, InterleavedSlab y) => _projector.Forward(x, y);

        public void Adjoint(InterleavedSlab y, InterleavedSlab x)
        {
            using var turned = Range.Allocate(y.Lanes);
            for (var a = 0; a < y.OuterCount; a++)
            {
                for (var d = 0; d < y.InnerCount; d++)
                {
                    for (var lane = 0; lane < y.Lanes; lane++)
                    {
                        turned[a, d, lane] = -3 * y[y.OuterCount - 1 - a, d, lane];
                    }
                }
            }

            _projector.Adjoint(turned, x);
        }

        public void Dispose() => _projector.Dispose();
    }
}
