namespace Beamline.Extension.Tests;

/// <summary>A run works in the folder of its notebook, which belongs to the whole process: one at a time.</summary>
[CollectionDefinition("Runner", DisableParallelization = true)]
public sealed class RunnerCollection;
