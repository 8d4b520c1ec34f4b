using Beamline.Cli.Commands;

namespace Beamline.Cli.Tests;

/// <summary>Sizes and times as people write them.</summary>
public sealed class UnitTexts
{
    [Theory]
    [InlineData("1", 1L)]
    [InlineData("512MB", 512_000_000L)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData(" 1.5 gb ", 1_500_000_000L)]
    [InlineData("10k", 10_000L)]
    [InlineData("1TiB", 1L << 40)]
    [InlineData("300 KiB", 300L << 10)]
    public void Sizes(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("0")]
    [InlineData("-1MB")]
    [InlineData("1,5GB")]
    [InlineData("1.2.3")]
    [InlineData("5 MBytes")]
    [InlineData("99999999TB")]
    public void No_sizes(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("2H", 7200)]
    [InlineData("00:10:00", 600)]
    [InlineData("0.25", 0.25)]
    public void Times(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var time));
        Assert.Equal(seconds, time.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("5d")]
    [InlineData("5ms")]
    [InlineData("5sm")]
    [InlineData("5mm")]
    [InlineData("00:00:00")]
    [InlineData("25d")]
    [InlineData("600h")]
    public void No_times(string text) => Assert.False(Duration.TryParse(text, out _));
}
