using System.Reflection;
using Beamline.Data;
using Beamline.Learning;
using Beamline.Tomography;

namespace Beamline.Extension.Tests;

/// <summary>Every public option can be reached from its command, or the command's help says that it is for C# only.</summary>
public sealed class ReachTests
{
    /// <summary>Properties whose option has another name.</summary>
    private static readonly Dictionary<string, string> Other = new(StringComparer.Ordinal)
    {
        ["AngleRange"] = "angles", ["FlatFiles"] = "flats", ["DarkFiles"] = "darks", ["PixelSize"] = "pixel-size-micrometers",
        ["AirColumnsLeft"] = "air-columns", ["AirColumnsRight"] = "air-columns", ["Generalized"] = "phase", ["Distance"] = "distance-millimeters",
        ["EnergyKeV"] = "energy-kev", ["Rows"] = "row", ["Dose"] = "low-photons", ["Training"] = "steps",
    };

    [Theory]
    [InlineData("open", typeof(ScanOptions))]
    [InlineData("normalize", typeof(NormalizeOptions))]
    [InlineData("normalize", typeof(MinusLogOptions))]
    [InlineData("center", typeof(FindAxisOptions))]
    [InlineData("center", typeof(AxisSweepOptions))]
    [InlineData("recon", typeof(FbpOptions))]
    [InlineData("recon", typeof(IterativeOptions))]
    [InlineData("denoise", typeof(TrainingOptions))]
    [InlineData("denoise", typeof(ComparisonOptions))]
    [InlineData("denoise", typeof(Noise2InverseOptions))]
    public void Options(string command, Type options)
    {
        var descriptor = Registered.Instance.Commands.Single(c => c.Descriptor.Name == command).Descriptor;
        var reached = descriptor.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var inCode = string.Join(' ', descriptor.OnlyInCode).Split([' ', ',']);
        var settable = options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null).ToArray();
        Assert.NotEmpty(settable);
        foreach (var name in settable.Select(p => p.Name))
        {
            Assert.True(
                reached.Contains(Other.GetValueOrDefault(name, Commands.Parameters.Kebab(name))) || inCode.Contains(name),
                $"#!{command} reaches no {options.Name}.{name}, and its help does not say that it is for C# only.");
        }
    }

    [Fact]
    public void The_help_names_what_is_for_code_only()
    {
        var help = Beamline.Notebook.MagicParser.Help(Registered.Instance.Commands.Single(c => c.Descriptor.Name == "recon").Descriptor);
        Assert.Contains("Only in C#: Backend, Operator, Regularizer", help, StringComparison.Ordinal);
    }
}
