namespace Beamline.Tomography.Tests;

/// <summary>Tests that count the memory of the whole process: nothing else may allocate beside them.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class Alone;
