namespace Beamline.Kernel;

/// <summary>A run was asked for wrongly. The message says what and what to do.</summary>
internal sealed class RunInputException(string message, Exception? inner = null) : Exception(message, inner);
