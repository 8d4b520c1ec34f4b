namespace Beamline.Packages;

/// <summary>A reference of a cell cannot be had. The message is for the user: what, where, what next.</summary>
internal sealed class PackageException(string message, ReferenceDirective? directive = null, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>The line that asked for it; null when none is known.</summary>
    public ReferenceDirective? Directive => directive;

    /// <summary>The same error with the line that it is about.</summary>
    public PackageException At(ReferenceDirective? place) =>
        directive is not null || place is null ? this : new PackageException(Message, place, this);
}
