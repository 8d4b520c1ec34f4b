namespace Beamline.Extension.Tests;

/// <summary>The C# that each magic command stands for, letter by letter.</summary>
public sealed class ShowCodeTests(SmallScan small) : IClassFixture<SmallScan>
{
    [Theory]
    [InlineData("#!open tooth.h5", "var scan = TomographyScan.Open(\"tooth.h5\");")]
    [InlineData("#!open 'C:\\my data\\a\"b.h5' --as mine", "var mine = TomographyScan.Open(\"C:\\\\my data\\\\a\\\"b.h5\");")]
    [InlineData("#!open @path", "var scan = TomographyScan.Open(path);")]
    [InlineData(
        "#!open dir/*.tif --angles 0,0.5 --flats f.tif --darks d.tif --pixel-size-micrometers 1.25",
        "var scan = TomographyScan.Open(\"dir/*.tif\", new ScanOptions { AngleRange = new AngleRange(0, 0.5), FlatFiles = \"f.tif\", DarkFiles = \"d.tif\", PixelSize = Length.FromMicrometers(1.25) });")]
    [InlineData(
        "#!open a.h5 --data-path /a --flat-path /b --dark-path /c --angle-path /d",
        "var scan = TomographyScan.Open(\"a.h5\", new ScanOptions { DataPath = \"/a\", FlatPath = \"/b\", DarkPath = \"/c\", AnglePath = \"/d\" });")]
    [InlineData("#!normalize scan", "var projections = scan.Normalize();")]
    [InlineData("#!normalize @scan --minus-log --as p", "var p = scan.Normalize().MinusLog();")]
    [InlineData("#!normalize scan --minus-log --floor 1e-4", "var projections = scan.Normalize().MinusLog(new MinusLogOptions { Floor = 0.0001 });")]
    [InlineData("#!normalize scan --stripes wavelet-fourier --zingers", "var projections = scan.Normalize().RemoveZingers().RemoveStripes(StripeMethod.WaveletFourier);")]
    [InlineData("#!normalize scan --flat median --minus-log --stripes all", "var projections = scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Median }).MinusLog().RemoveStripes(StripeMethod.All);")]
    [InlineData(
        "#!normalize scan --flat weighted --air-columns 12",
        "var projections = scan.Normalize(new NormalizeOptions { Flat = FlatMethod.Weighted, AirColumnsLeft = 12, AirColumnsRight = 12 });")]
    [InlineData(
        "#!normalize scan --phase paganin-generalized --energy-kev 25.5 --distance-millimeters 120 --delta-over-beta 400 --minus-log",
        "var projections = scan.Normalize().RetrievePhase(new PaganinOptions { EnergyKeV = 25.5, Distance = Length.FromMillimeters(120), DeltaOverBeta = 400, Generalized = true }).MinusLog();")]
    [InlineData("#!center projections", "var axis = RotationAxis.Find(projections);")]
    [InlineData(
        "#!center projections --method phase-correlation --from-column 10 --to-column 20.5 --as a",
        "var a = RotationAxis.Find(projections, new FindAxisOptions { Method = AxisMethod.PhaseCorrelation, FromColumn = 10, ToColumn = 20.5 });")]
    [InlineData("#!center projections --method overlap --row 2", "var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = AxisMethod.Overlap, Rows = [2] });")]
    [InlineData("#!center projections --sweep", "var axisSweep = RotationAxis.Sweep(projections);\nvar axis = axisSweep.Best;\naxisSweep")]
    [InlineData(
        "#!center projections --sweep --from-column 12 --to-column 18.5 --count 5 --row 1 --score entropy --image-size 24 --as a",
        "var aSweep = RotationAxis.Sweep(projections, new AxisSweepOptions { FromColumn = 12, ToColumn = 18.5, Count = 5, Row = 1, Score = AxisScore.Entropy, ImageSize = 24 });\nvar a = aSweep.Best;\naSweep")]
    [InlineData("#!recon projections", "var volume = Reconstruction.Fbp(projections);")]
    [InlineData("#!recon projections --axis @axis", "var volume = Reconstruction.Fbp(projections, axis);")]
    [InlineData("#!recon projections --axis 98.25 --as v", "var v = Reconstruction.Fbp(projections, new RotationAxis(98.25));")]
    [InlineData("#!recon projections --filter parzen", "var volume = Reconstruction.Fbp(projections, options: new FbpOptions { Filter = FbpFilter.Parzen });")]
    [InlineData(
        "#!recon projections --axis @axis --filter ram-lak --cutoff 0.75 --padding edge --image-size 64 --mask-outside-circle --device cpu",
        "var volume = Reconstruction.Fbp(projections, axis, new FbpOptions { Filter = FbpFilter.RamLak, Cutoff = 0.75, Padding = SinogramPadding.Edge, ImageSize = 64, MaskOutsideCircle = true, Device = Device.Parse(\"cpu\") });")]
    [InlineData("#!recon projections --plan --image-size 64", "Reconstruction.Plan(projections, new FbpOptions { ImageSize = 64 })")]
    [InlineData("#!recon projections --method fourier", "var volume = Reconstruction.Fourier(projections);")]
    [InlineData("#!recon projections --method log-polar --axis @axis", "var volume = Reconstruction.LogPolar(projections, axis);")]
    [InlineData("#!recon projections --method fourier --plan", "Reconstruction.PlanFourier(projections)")]
    [InlineData(
        "#!recon projections --method fourier --filter hann --cutoff 0.5 --oversampling 1.5 --kernel-width 6 --image-size 64 --mask-outside-circle --as v",
        "var v = Reconstruction.Fourier(projections, options: new FourierOptions { Filter = FbpFilter.Hann, Cutoff = 0.5, ImageSize = 64, MaskOutsideCircle = true, Oversampling = 1.5, KernelWidth = 6 });")]
    [InlineData("#!recon projections --method log-polar --wedges 8 --plan", "Reconstruction.PlanLogPolar(projections, new LogPolarOptions { Wedges = 8 })")]
    [InlineData("#!recon projections --axis @axis --response @window", "var volume = Reconstruction.Fbp(projections, axis, new FbpOptions { Response = window });")]
    [InlineData(
        "#!recon projections --method fourier --filter none --response @window",
        "var volume = Reconstruction.Fourier(projections, options: new FourierOptions { Filter = FbpFilter.None, Response = window });")]
    [InlineData("#!recon projections --method sirt --iterations 100", "var volume = IterativeReconstruction.Run(projections, options: new IterativeOptions { Method = IterativeMethod.Sirt, Iterations = 100 }).Volume;")]
    [InlineData(
        "#!recon projections --method os-sart --axis @axis --subsets 8 --relaxation 0.5 --non-negative --maximum 2.5 --start @volume --checkpoint-folder 'a\\b' --run-as run --as v",
        "var run = IterativeReconstruction.Run(projections, axis, new IterativeOptions { Method = IterativeMethod.OsSart, Subsets = 8, Relaxation = RelaxationSchedule.Constant(0.5), NonNegative = true, Maximum = 2.5, Start = volume, CheckpointFolder = \"a\\\\b\" });\nvar v = run.Volume;")]
    [InlineData(
        "#!recon projections --method tv-pdhg --regularization 1e-3 --minimum -1 --noise-level 0.01 --stop-at-relative-change 1e-4 --image-size 64 --mask-outside-circle --device cpu --plan",
        "IterativeReconstruction.Plan(projections, new IterativeOptions { Method = IterativeMethod.TvPdhg, Regularization = 0.001, Minimum = -1, NoiseLevel = 0.01, StopAtRelativeChange = 0.0001, ImageSize = 64, MaskOutsideCircle = true, Device = Device.Parse(\"cpu\") })")]
    [InlineData(
        "#!recon projections --method tv-pdhg --tv-across-slices",
        "var volume = IterativeReconstruction.Run(projections, options: new IterativeOptions { Method = IterativeMethod.TvPdhg, TvAcrossSlices = true }).Volume;")]
    [InlineData(
        "#!recon projections --filter butterworth --butterworth-order 4",
        "var volume = Reconstruction.Fbp(projections, options: new FbpOptions { Filter = FbpFilter.Butterworth, ButterworthOrder = 4 });")]
    [InlineData(
        "#!recon projections --method pwls --mask @image --weights @projections --checkpoint-every 5 --checkpoint-folder c",
        "var volume = IterativeReconstruction.Run(projections, options: new IterativeOptions { Method = IterativeMethod.Pwls, Mask = image, Weights = projections, CheckpointFolder = \"c\", CheckpointEvery = 5 }).Volume;")]
    [InlineData(
        "#!open a.raw --raw 180,48,192,uint16,512 --angle-unit radians --image-key-path /k",
        "var scan = TomographyScan.Open(\"a.raw\", new ScanOptions { ImageKeyPath = \"/k\", AngleUnit = AngleUnit.Radians, Raw = new RawLayout(180, 48, 192, ElementType.UInt16, 512) });")]
    [InlineData("#!view volume", "volume.View()")]
    [InlineData("#!view volume --window 1%,99% --map viridis --slice 2", "volume.View(new ViewOptions { Window = ValueWindow.Parse(\"1%,99%\"), Map = ColorMap.Parse(\"viridis\"), SliceZ = 2 })")]
    [InlineData("#!view volume --static", "volume.View(new ViewOptions { Interactive = false })")]
    [InlineData("#!view volume --compare volume", "volume.Compare(volume)")]
    [InlineData("#!view image --compare @image --map viridis", "image.Compare(image, new ViewOptions { Map = ColorMap.Parse(\"viridis\") })")]
    [InlineData("#!view volume --row 3 --column 4 --title 'A \"B\"'", "volume.View(new ViewOptions { SliceY = 3, SliceX = 4, Title = \"A \\\"B\\\"\" })")]
    [InlineData("#!view volume --plane xz", "volume.SliceXZ(3).View()")]
    [InlineData("#!view volume --plane yz --column 5 --map viridis", "volume.SliceYZ(5).View(new ViewOptions { Map = ColorMap.Parse(\"viridis\") })")]
    [InlineData("#!view volume --plane xy --slice 2 --profile 1,2,4,6.5", "Plot.LineProfile(volume.SliceXY(2), 1, 2, 4, 6.5)")]
    [InlineData("#!view image --profile 0,0,5,7", "Plot.LineProfile(image, 0, 0, 5, 7)")]
    [InlineData("#!view wave --complex phase", "wave.View(new ViewOptions { Complex = ComplexPart.Phase })")]
    [InlineData("#!view volume --mode mip --slice 2", "volume.View(new ViewOptions { SliceZ = 2, Mode = ViewMode.Mip })")]
    [InlineData("#!view volume --mode slices", "volume.View(new ViewOptions { Mode = ViewMode.Slices })")]
    [InlineData("#!view volume --compare volume --mode dvr", "volume.Compare(volume, new ViewOptions { Mode = ViewMode.Dvr })")]
    [InlineData("#!view scan", "scan.Frames.View()")]
    [InlineData("#!view scan --projection 3", "scan.Frames.Projection(3).View()")]
    [InlineData("#!view projections --sinogram 2", "projections.Sinogram(2).View()")]
    [InlineData("#!view sinogram", "sinogram.View()")]
    [InlineData("#!profile volume", "Plot.Profile(volume, 1, 3)")]
    [InlineData("#!profile volume --slice 2 --row 5", "Plot.Profile(volume, 2, 5)")]
    [InlineData("#!profile image --row 4", "Plot.Profile(image, 4)")]
    [InlineData("#!histogram volume", "Plot.Histogram(volume, 256)")]
    [InlineData("#!histogram projections --bins 20", "Plot.Histogram(projections, 20)")]
    [InlineData("#!save volume out.h5", "volume.Save(\"out.h5\");\n$\"saved volume to {\"out.h5\"}\"")]
    [InlineData("#!save image @path", "image.Save(path);\n$\"saved image to {path}\"")]
    [InlineData("#!save projections clean.h5", "projections.Save(\"clean.h5\");\n$\"saved projections to {\"clean.h5\"}\"")]
    [InlineData("#!device", "ComputeDevices.List()")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7", "var denoiser = Denoiser.TrainHybridDose(low, normal, [1, 4, 7]);")]
    [InlineData("#!denoise train @low --normal @normal --views @views --as d", "var d = Denoiser.TrainHybridDose(low, normal, views);")]
    [InlineData(
        "#!denoise train low --normal normal --views 1,4,7 --network unet-small --input-channels 3 --loss mean-absolute --steps 400 --batch-size 4 --patch-size 32 --learning-rate 1e-3 " +
        "--schedule constant --seed 5 --score-every 20 --patience 4 --folder 'a\\b' --resume --save d.safetensors",
        "var denoiser = Denoiser.TrainHybridDose(low, normal, [1, 4, 7], new TrainingOptions { Network = DenoiserNetwork.UNetSmall with { InputChannels = 3 }, Loss = TrainingLoss.MeanAbsolute, " +
        "Steps = 400, BatchSize = 4, PatchSize = 32, LearningRate = 0.001, Schedule = LearningRateSchedule.Constant, Seed = 5, ScoreEvery = 20, Patience = 4, Folder = \"a\\\\b\", Resume = true });\n" +
        "denoiser.Save(\"d.safetensors\");")]
    [InlineData("#!denoise train low --normal normal --views 1,4,7 --detached --as run", "var run = Denoiser.StartHybridDose(low, normal, [1, 4, 7]);")]
    [InlineData("#!denoise train low --second second --steps 50", "var denoiser = Denoiser.TrainNoise2Noise(low, second, new TrainingOptions { Steps = 50 });")]
    [InlineData("#!denoise train low --second second --detached --as run", "var run = Denoiser.StartNoise2Noise(low, second);")]
    [InlineData("#!denoise train low --axis @axis", "var denoiser = Denoiser.TrainNoise2Inverse(low, axis);")]
    [InlineData(
        "#!denoise train low --axis 7.5 --splits 3 --slices 8 --steps 50 --input-channels 3 --detached --as run",
        "var run = Denoiser.StartNoise2Inverse(low, new RotationAxis(7.5), new Noise2InverseOptions { Splits = 3, Slices = 8, Training = new TrainingOptions { Network = DenoiserNetwork.UNetMedium with { InputChannels = 3 }, Steps = 50, ScoreEvery = 100 } });")]
    [InlineData(
        "#!denoise train low --axis @axis --seed 2",
        "var denoiser = Denoiser.TrainNoise2Inverse(low, axis, new Noise2InverseOptions { Training = new TrainingOptions { Network = DenoiserNetwork.UNetMedium with { InputChannels = 3 }, Steps = 1500, Seed = 2, ScoreEvery = 100 } });")]
    [InlineData("#!denoise reconstruct low --model model --axis @axis", "var volume = model.Reconstruct(low, axis);")]
    [InlineData("#!denoise reconstruct low --file d.safetensors --axis 7.5 --as v", "var v = Denoiser.Load(\"d.safetensors\").Reconstruct(low, new RotationAxis(7.5));")]
    [InlineData("#!denoise compare low --model model", "var comparison = model.Compare(low);\ncomparison")]
    [InlineData("#!denoise compare low --model model --axis 7.5 --tuning noise", "var comparison = model.Compare(low, options: new ComparisonOptions { Axis = new RotationAxis(7.5), Tuning = FilterTuning.Noise });\ncomparison")]
    [InlineData(
        "#!denoise compare low --file d.safetensors --reference second --reference-is-exact --axis @axis --low-photons 500 --normal-photons 5e3 --normal-views 12 --disc-fraction 0.9 --as c",
        "var c = Denoiser.Load(\"d.safetensors\").Compare(low, second, new ComparisonOptions { Axis = axis, ReferenceIsExact = true, Dose = new HybridDose(500, 5000, 12), DiscFraction = 0.9 });\nc")]
    [InlineData("#!denoise compare volume --model model --reference volume", "var comparison = model.Compare(volume, volume);\ncomparison")]
    [InlineData("#!denoise apply low --model @model", "var denoised = model.Apply(low);")]
    [InlineData("#!denoise apply volume --file 'my \"d\".safetensors' --as v", "var v = Denoiser.Load(\"my \\\"d\\\".safetensors\").Apply(volume);")]
    public async Task Code(string line, string code) => Assert.Equal(code, await small.Context.Code(line));

    [Fact]
    public async Task Running_runs_that_code_says_one_line_and_shows_the_result()
    {
        var context = await small.Context.Run("#!center projections --as axis");
        Assert.Equal(["var axis = RotationAxis.Find(projections);"], context.Ran);
        Assert.Matches(@"^axis = rotation axis at column 15.50 px in [0-9.]+ m?s$", context.Text);
        Assert.Equal([context.FindVariable("axis")!.Value], context.Shown);

        context = await small.Context.Run("#!center projections --as axis --quiet");
        Assert.Single(context.Lines);
        Assert.Empty(context.Shown);
    }

    [Fact]
    public async Task Help_explains_every_option_and_runs_nothing()
    {
        foreach (var command in Registered.Instance.Commands)
        {
            var descriptor = command.Descriptor;
            var context = await small.Context.Run($"#!{descriptor.Name} --help");
            Assert.Empty(context.Ran);
            Assert.StartsWith(descriptor.Summary, context.Text, StringComparison.Ordinal);
            Assert.EndsWith(".", descriptor.Summary, StringComparison.Ordinal);
            foreach (var parameter in descriptor.Parameters)
            {
                Assert.Contains(parameter.IsPositional ? parameter.Name.ToUpperInvariant() : "--" + parameter.Name, context.Text, StringComparison.Ordinal);
                Assert.Contains(parameter.Summary, context.Text, StringComparison.Ordinal);
                Assert.All(parameter.Allowed, value => Assert.Contains(value, context.Text, StringComparison.Ordinal));
                Assert.True(parameter.Allowed.Count == 0 || parameter.Default is null || parameter.Allowed.Contains(parameter.Default), $"{descriptor.Name} {parameter.Name}");
                Assert.Equal(parameter.Name.ToLowerInvariant(), parameter.Name);
            }
        }
    }
}
