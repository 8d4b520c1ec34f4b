namespace Beamline.Kernel;

/// <summary>The few terminal colors that errors and warnings use; front ends render them.</summary>
internal static class Ansi
{
    public const string Red = "\u001b[31m";
    public const string Yellow = "\u001b[33m";
    public const string Gray = "\u001b[90m";
    public const string Reset = "\u001b[0m";
}
