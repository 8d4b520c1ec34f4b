namespace Beamline.Tomography;

/// <summary>A part of a run that is planned.</summary>
/// <param name="Name">The part, for instance "backproject".</param>
/// <param name="Expected">How long it will take.</param>
public sealed record PlannedStep(string Name, TimeSpan Expected);
