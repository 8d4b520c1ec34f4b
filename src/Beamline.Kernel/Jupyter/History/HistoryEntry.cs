namespace Beamline.Kernel;

/// <summary>One cell that was run.</summary>
internal sealed record HistoryEntry(int Session, int Line, string Input, string? Output);
