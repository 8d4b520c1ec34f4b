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
    [InlineData("#!open a.tif --angles 0..180", "#!open: --angles cannot be '0..180': give START,STEP in degrees, for instance 0,0.5.")]
    [InlineData("#!denoise trian low", "#!denoise: action cannot be 'trian'. Did you mean train? Allowed: train, apply, reconstruct")]
    [InlineData("#!denoise train", "#!denoise needs input (train: all views at low dose")]
    [InlineData("#!denoise train scan --normal normal --views 1,4,7", "#!denoise needs a ProjectionStack, but scan is a TomographyScan.")]
    [InlineData("#!denoise train low", "#!denoise train needs --normal and --views (a few views at normal dose), or --second")]
    [InlineData("#!denoise train low --normal normal", "#!denoise train needs --views as well.")]
    [InlineData("#!denoise train low --views 1", "#!denoise train needs --normal as well.")]
    [InlineData("#!denoise train low --normal volume --views 1,4,7", "#!denoise needs a ProjectionStack, but volume is a Volume.")]
    [InlineData("#!denoise train low --normal normal --views 1;4;7", "#!denoise: --views cannot be '1;4;7': give whole numbers, for instance 7,22,37")]
    [InlineData("#!denoise train low --normal normal --views 1,4,9", "#!denoise: --views has 9, but goes from 0 to 8 here.")]
    [InlineData("#!denoise train low --normal normal --views 1,-4,8", "#!denoise: --views has -4, but goes from 0 to 8 here.")]
    [InlineData("#!denoise train low --normal normal --views 1,4", "#!denoise: --views has 2 indices, but --normal 3 views")]
    [InlineData("#!denoise train low --normal normal --views @number", "#!denoise needs a IReadOnlyList`1, but number is a Int32.")]
    [InlineData("#!denoise train low --second second --views 1", "#!denoise: --views means nothing beside --second")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --network unet-smal", "Did you mean unet-small? Allowed: unet-small, unet-medium, unet-large, hdrec, tomogan, dncnn, msd.")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --steps 0", "#!denoise: --steps is 0, but must be 1 or more.")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --patch-size 8", "#!denoise: --patch-size is 8, but must be 16 or more.")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --learning-rate 2", "#!denoise: --learning-rate is 2, but lies between 0 and 1; 0.002 is usual.")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --input-channels 2", "#!denoise: --input-channels is 2, but it is an odd number from 1 to 15")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --resume", "#!denoise: --resume goes on from the checkpoint in --folder")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --detached", "#!denoise: --detached makes a TrainingRun, not a denoiser: name it")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --detached --as run --save a.safetensors", "#!denoise: --save needs the end of the training")]
    [InlineData("#!denoise train low --second second --axis @axis", "#!denoise: --axis means nothing beside --second")]
    [InlineData("#!denoise train low --normal normal --axis @axis", "#!denoise: --normal means nothing beside --axis, which trains on one scan alone")]
    [InlineData("#!denoise train low --axis @volume", "#!denoise needs a RotationAxis, but volume is a Volume.")]
    [InlineData("#!denoise train low --axis @axis --splits 17", "#!denoise: --splits is 17, but must be 16 or less.")]
    [InlineData("#!denoise train low --second second --splits 3", "#!denoise: --splits belongs to --axis")]
    [InlineData("#!denoise reconstruct low --model model", "#!denoise reconstruct needs --axis, as the training had it.")]
    [InlineData("#!denoise reconstruct volume --model model --axis @axis", "#!denoise needs a ProjectionStack, but volume is a Volume.")]
    [InlineData("#!denoise apply low --model model --axis @axis", "#!denoise: --axis means nothing for apply.")]
    [InlineData("#!denoise train low --model model", "#!denoise: --model means nothing for train.")]
    [InlineData("#!denoise apply low --steps 5 --model model", "#!denoise: --steps means nothing for apply.")]
    [InlineData("#!denoise apply low", "#!denoise apply needs --model with the variable of a denoiser, or --file")]
    [InlineData("#!denoise apply low --model model --file d.safetensors", "--model and --file both name a denoiser")]
    [InlineData("#!denoise apply low --model volume", "#!denoise needs a Denoiser, but volume is a Volume.")]
    [InlineData("#!denoise apply scan --model model", "#!denoise apply needs a ProjectionStack, an Image or a Volume, but scan is a TomographyScan.")]
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
