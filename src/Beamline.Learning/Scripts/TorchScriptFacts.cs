namespace Beamline.Learning;

/// <summary>What a TorchScript module does not say of itself, measured by running it.</summary>
/// <param name="Multiple">Edges of what goes in must be a multiple of this.</param>
/// <param name="ReachPixels">Pixels from which a pixel of the result was seen to change, or what the user said.</param>
/// <param name="ParameterCount">Number of its weights.</param>
/// <param name="BytesPerPixel">Bytes of memory for each pixel while it runs.</param>
public sealed record TorchScriptFacts(int Multiple, int ReachPixels, long ParameterCount, long BytesPerPixel);
