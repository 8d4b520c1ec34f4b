namespace Beamline.Extension.Tests;

/// <summary>What a magic command says when it was written wrongly.</summary>
public sealed class RefusalTests(SmallScan small) : IClassFixture<SmallScan>
{
    [Theory]
    [InlineData("#!normalize volume", "#!normalize needs a TomographyScan, but volume is a Volume.")]
    [InlineData("#!center scan", "#!center needs a ProjectionStack, but scan is a TomographyScan.")]
    [InlineData("#!recon volume", "#!recon needs a ProjectionStack, but volume is a Volume.")]
    [InlineData("#!recon projections --axis @volume", "#!recon needs a RotationAxis, but volume is a Volume.")]
    [InlineData("#!view number", "#!view cannot show number, a Int32: it shows scans, stacks, sinograms, images and volumes.")]
    [InlineData("#!profile scan", "#!profile needs an Image or a Volume, but scan is a TomographyScan.")]
    [InlineData("#!histogram number", "#!histogram needs an Image, a ProjectionStack or a Volume, but number is a Int32.")]
    [InlineData("#!save scan x.h5", "#!save needs a Volume or an Image, but scan is a TomographyScan.")]
    [InlineData("#!save volume @number", "#!save needs a String, but number is a Int32.")]
    [InlineData("#!open @number", "#!open needs a String, but number is a Int32.")]
    [InlineData("#!normalize scan --floor 0.1", "#!normalize: --floor belongs to --minus-log.")]
    [InlineData("#!normalize scan --phase paganin --energy-kev 20", "#!normalize: --phase paganin needs --distance-millimeters and --delta-over-beta as well.")]
    [InlineData("#!normalize scan --energy-kev 20", "#!normalize: --energy-kev belongs to --phase.")]
    [InlineData("#!normalize scan --air-columns 5", "#!normalize: --air-columns belongs to --flat weighted.")]
    public async Task A_variable_of_another_kind(string line, string message) => Assert.Equal(message, await small.Context.Refused(line));

    [Theory]
    [InlineData("#!recon projectoins", "There is no variable projectoins. Did you mean projections? Variables: scan, projections, axis,")]
    [InlineData("#!recon projections --axis @axsi", "There is no variable axsi. Did you mean axis?")]
    [InlineData("#!view volume --compare image", "#!view --compare needs two images or two volumes of one shape: volume is Volume float32 ")]
    [InlineData("#!view zzzzzzzz", "There is no variable zzzzzzzz. Variables: scan, ")]
    [InlineData("#!open a.raw --raw 180,48,192", "#!open: --raw cannot be '180,48,192': give ANGLES,ROWS,COLUMNS,TYPE, for instance 180,48,192,uint16")]
    [InlineData("#!open a.raw --raw 180,48,192,uint17", "#!open: --raw cannot be '180,48,192,uint17'")]
    [InlineData("#!open a.h5 --angle-unit gradians", "#!open: --angle-unit cannot be 'gradians'. Did you mean radians? Allowed: degrees, radians.")]
    [InlineData("#!recon projections --method cgls --butterworth-order 2", "#!recon: --butterworth-order belongs to --method fbp")]
    [InlineData("#!recon projections --method sirt --mask @volume", "#!recon needs a Image, but volume is a Volume.")]
    [InlineData("#!recon projections --fitler hann", "#!recon has no option --fitler. Did you mean --filter? Options: --method, --axis, --filter,")]
    [InlineData("#!recon projections --filter han", "#!recon: --filter cannot be 'han'. Did you mean hann? Allowed: ram-lak, shepp-logan,")]
    [InlineData("#!recon projections --method sitr", "#!recon: --method cannot be 'sitr'. Did you mean sirt? Allowed: fbp, fourier, log-polar, sirt, sart, os-sart, cgls,")]
    [InlineData("#!recon projections --iterations 5", "#!recon: --iterations means nothing for --method fbp. Iterative methods: sirt,")]
    [InlineData("#!recon projections --method fourier --iterations 5", "#!recon: --iterations means nothing for --method fourier. Iterative methods: sirt,")]
    [InlineData("#!recon projections --kernel-width 5", "#!recon: --kernel-width belongs to --method fourier and means nothing for fbp.")]
    [InlineData("#!recon projections --method fourier --wedges 5", "#!recon: --wedges belongs to --method log-polar and means nothing for fourier.")]
    [InlineData("#!recon projections --method sirt --response @window", "#!recon: --response belongs to --method fbp or fourier or log-polar and means nothing for sirt.")]
    [InlineData("#!recon projections --response @axis", "#!recon needs a Func`2, but axis is a RotationAxis.")]
    [InlineData("#!recon projections --filter hann --response @window", "#!recon: --response takes the place of --filter")]
    [InlineData("#!recon projections --method log-polra", "Did you mean log-polar?")]
    [InlineData("#!recon projections --method cgls --filter hann", "#!recon: --filter belongs to --method fbp and means nothing for cgls.")]
    [InlineData("#!recon projections --method sirt --start @axis", "#!recon needs a Volume, but axis is a RotationAxis.")]
    [InlineData("#!recon projections --method sirt --run-as 3d", "#!recon: --run-as cannot be '3d': the name of a variable is expected.")]
    [InlineData("#!recon projections --device gpu", "#!recon: --device: 'gpu' is not a device. Devices are auto, cpu, cuda and cuda:N")]
    [InlineData("#!recon projections --image-size 3.5", "#!recon: --image-size cannot be '3.5': a whole number is expected.")]
    [InlineData("#!recon projections --cutoff high", "#!recon: --cutoff cannot be 'high': a number is expected.")]
    [InlineData("#!recon projections --as 3d", "#!recon: --as cannot be '3d': the name of a variable is expected.")]
    [InlineData("#!recon projections volume", "#!recon: 'volume' is one value too many. Usage: #!recon PROJECTIONS [--method fbp|fourier|log-polar|sirt|")]
    [InlineData("#!recon", "#!recon needs projections (Line integrals.). Usage: #!recon PROJECTIONS")]
    [InlineData("#!recon projections --filter", "#!recon: --filter needs a value")]
    [InlineData("#!center projections --method vos", "#!center: --method cannot be 'vos'. Did you mean vo? Allowed: vo, phase-correlation, entropy, sharpness, overlap.")]
    [InlineData("#!center projections --count 5", "#!center: --count belongs to --sweep.")]
    [InlineData("#!center projections --sweep --method vo", "#!center: --method means nothing for --sweep")]
    [InlineData("#!center projections --sweep --count 1", "#!center: --count is 1, but a sweep shows 2 to 64 slices.")]
    [InlineData("#!center projections --sweep --image-size 8", "#!center: --image-size is 8, but")]
    [InlineData("#!center projections --sweep --score sharpnes", "#!center: --score cannot be 'sharpnes'. Did you mean sharpness?")]
    [InlineData("#!normalize scan --stripes sortin", "#!normalize: --stripes cannot be 'sortin'. Did you mean sorting? Allowed: all, sorting,")]
    [InlineData("#!view volume --map virdis", "Did you mean viridis? Allowed: gray, ")]
    [InlineData("#!view volume --window dark", "#!view: --window: ")]
    [InlineData("#!view volume --mode mpi", "#!view: --mode cannot be 'mpi'. Did you mean mip? Allowed: slices, mip, iso, dvr.")]
    [InlineData("#!view volume --mode mip --static", "#!view: --mode means nothing for --static")]
    [InlineData("#!view volume --mode mip --plane xy", "#!view: --mode means nothing for --plane")]
    [InlineData("#!view volume --plane xy --profile 0,0,1,1 --mode mip", "#!view: --mode means nothing for --p")]
    [InlineData("#!open a.tif --angles 0..180", "#!open: --angles cannot be '0..180': give START,STEP in degrees, for instance 0,0.5.")]
    [InlineData("#!veiw volume", "There is no magic command #!veiw. Did you mean #!view?")]
    public async Task A_slip_of_the_pen(string line, string message)
    {
        var refused = await small.Context.Refused(line);
        Assert.Contains(message, refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_variable_the_message_says_so() =>
        Assert.Equal("There is no variable scan. No cell has declared one yet.", await new FakeContext().Refused("#!view scan"));

    [Theory]
    [InlineData("#!view scan --slice 2", "--slice")]
    [InlineData("#!view volume --projection 2", "--projection")]
    [InlineData("#!view image --mode mip", "--mode")]
    [InlineData("#!view scan --mode mip", "--mode")]
    [InlineData("#!view wave --mode mip", "--mode")]
    [InlineData("#!view image --sinogram 2", "--sinogram")]
    [InlineData("#!view scan --projection 1 --sinogram 2", "--sinogram")]
    [InlineData("#!profile image --slice 2", "--slice")]
    public async Task An_option_that_does_not_fit_the_value_is_not_ignored(string line, string option) =>
        Assert.Contains(option, await small.Context.Refused(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("#!view volume --slice 3", "--slice", "0 to 2")]
    [InlineData("#!view scan --projection 24", "--projection", "0 to 23")]
    [InlineData("#!view projections --sinogram -1", "--sinogram", "0 to 3")]
    [InlineData("#!profile volume --row 6", "--row", "0 to 5")]
    [InlineData("#!profile volume --slice -1", "--slice", "0 to 2")]
    [InlineData("#!profile image --row 7", "--row", "0 to 5")]
    [InlineData("#!center projections --row 4", "--row", "0 to 3")]
    [InlineData("#!histogram volume --bins 0", "--bins", "1")]
    public async Task An_index_outside_names_the_option_and_the_range(string line, string option, string range)
    {
        var message = await small.Context.Refused(line);
        Assert.Contains(option, message, StringComparison.Ordinal);
        Assert.Contains(range, message, StringComparison.Ordinal);
    }
}
