using Beamline.Arrays;

namespace Beamline.Extension.Tests;

/// <summary><c>#!recon</c> with a geometry: the C# it stands for, and what it refuses.</summary>
public sealed class GeometryReconTests(SmallScan small) : IClassFixture<SmallScan>
{
    private FakeContext Context
    {
        get
        {
            var (angles, mm) = (small.Scan.Frames.AnglesDegrees, Length.FromMillimeters(1));
            return new FakeContext(
                ("projections", small.Scan.Frames), ("axis", new RotationAxis(15.5)),
                ("cone", new ConeGeometry(angles, 4, 32, mm * 100, mm * 200, mm)), ("fan", new FanGeometry(angles, 32, mm * 100, mm * 200, mm)),
                ("tilted", new LaminographyGeometry(angles, 4, 32, 20)), ("vectors", new ParallelGeometry(angles, 32).ToVectors()));
        }
    }

    [Theory]
    [InlineData("#!recon projections --method fdk --geometry @cone", "var volume = Reconstruction.Fdk(projections, cone);")]
    [InlineData(
        "#!recon projections --method fdk --geometry @cone --filter hann --cutoff 0.5 --padding edge --offset-detector --device cpu --as v",
        "var v = Reconstruction.Fdk(projections, cone, new FdkOptions { Filter = FbpFilter.Hann, Cutoff = 0.5, Padding = SinogramPadding.Edge, OffsetDetector = true, Device = Device.Parse(\"cpu\") });")]
    [InlineData("#!recon projections --method fan --geometry @fan", "var volume = Reconstruction.Fan(projections, fan);")]
    [InlineData(
        "#!recon projections --method laminography --geometry @tilted --filter cosine",
        "var volume = Reconstruction.Laminography(projections, tilted, new FbpOptions { Filter = FbpFilter.Cosine });")]
    [InlineData("#!recon projections --geometry @vectors", "var volume = Reconstruction.Fbp(projections, vectors);")]
    [InlineData("#!recon projections --method fdk --geometry @cone --plan", "Reconstruction.Plan(projections, cone)")]
    [InlineData(
        "#!recon projections --method cgls --geometry @cone --iterations 9",
        "var volume = IterativeReconstruction.Run(projections, cone, new IterativeOptions { Method = IterativeMethod.Cgls, Iterations = 9 }).Volume;")]
    [InlineData(
        "#!recon projections --method sirt --geometry @tilted --plan",
        "IterativeReconstruction.Plan(projections, tilted, new IterativeOptions { Method = IterativeMethod.Sirt })")]
    public async Task Code(string line, string code) => Assert.Equal(code, await Context.Code(line));

    [Theory]
    [InlineData("#!recon projections --method fdk", "--method fdk needs --geometry @name, for instance of a variable made by new ConeGeometry(...)")]
    [InlineData("#!recon projections --method fdk --geometry @fan", "#!recon needs a ConeGeometry, but fan is a FanGeometry.")]
    [InlineData("#!recon projections --method sirt --geometry @axis", "#!recon needs a Geometry, but axis is a RotationAxis.")]
    [InlineData("#!recon projections --method fan --geometry @fan --axis 3", "--axis means nothing for --method fan with a geometry, which says it.")]
    [InlineData("#!recon projections --method cgls --geometry @cone --axis 3", "--axis means nothing for --method cgls with a geometry, which says it.")]
    [InlineData("#!recon projections --method fdk --geometry @cone --iterations 3", "--iterations means nothing for --method")]
    [InlineData("#!recon projections --offset-detector", "--offset-detector means nothing for --method fbp.")]
    [InlineData("#!recon projections --method laminography --geometry @tilted --offset-detector", "--offset-detector means nothing for --method laminography.")]
    public async Task Refusals(string line, string message) =>
        Assert.Contains(message, await Context.Refused(line), StringComparison.Ordinal);
}
