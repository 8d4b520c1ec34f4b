using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>What code that runs for each of some items does to variables of the notebook.</summary>
internal static class ItemWrites
{
    /// <summary>Lines about objects that are changed.</summary>
    /// <exception cref="MagicException">A variable is assigned, which can only be a mistake.</exception>
    public static IReadOnlyList<string> Of(Reach reach) => reach.Variables.FirstOrDefault(v => v.IsAssigned) is { } assigned
        ? throw new MagicException(
            $"Line {assigned.Line}: {assigned.Symbol.Name} is assigned, and each item runs by itself: what one assigns, no other sees, and nothing comes back. " +
            "Let the value of the item be all that counts, and gather the results afterwards.")
        : [.. reach.Variables.Where(v => v.IsWritten).Select(v => $"{v.Symbol.Name}: each item runs by itself, and changes of it stay there")];
}
