using System.Text.Json.Serialization;

namespace Beamline.Benchmarks;

/// <summary>One bar of an issue, and what this run measured for it.</summary>
public sealed record BenchRow
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Null when it could not be measured; the note says why.</summary>
    [JsonPropertyName("value")]
    public double? Value { get; init; }

    [JsonPropertyName("unit")]
    public required string Unit { get; init; }

    /// <summary>How the value is held against the bar: "&lt;=" or "&gt;=", or "" for a figure without a bar.</summary>
    [JsonPropertyName("comparison")]
    public string Comparison { get; init; } = "";

    [JsonPropertyName("bar")]
    public double? Bar { get; init; }

    [JsonPropertyName("passed")]
    public bool? Passed => (Value, Bar, Comparison) switch
    {
        ({ } value, { } bar, "<=") => value <= bar,
        ({ } value, { } bar, ">=") => value >= bar,
        _ => null,
    };

    [JsonPropertyName("device")]
    public string Device { get; init; } = Machine.Cpu;

    [JsonPropertyName("threads")]
    public int Threads { get; init; } = 1;

    [JsonPropertyName("note")]
    public string Note { get; init; } = "";
}
