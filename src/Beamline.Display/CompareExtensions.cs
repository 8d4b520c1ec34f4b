using System.Runtime.CompilerServices;
using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>Shows two arrays of one shape against each other: <c>noisy.Compare(denoised)</c>.</summary>
public static class CompareExtensions
{
    /// <summary>Draws two images and their difference (second minus first); the viewer has a curtain, flicker and difference.</summary>
    /// <param name="first">The image before.</param>
    /// <param name="second">The image after, of the same shape.</param>
    /// <param name="options">Window and colors of both; null for 1% to 99% in gray.</param>
    /// <param name="firstName">What the first is called; its expression when not given.</param>
    /// <param name="secondName">What the second is called; its expression when not given.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static PictureView Compare(
        this Image first, Image second, ViewOptions? options = null,
        [CallerArgumentExpression(nameof(first))] string? firstName = null, [CallerArgumentExpression(nameof(second))] string? secondName = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return ComparePicture.Draw((firstName ?? "first", first), (secondName ?? "second", second), options ?? ViewOptions.Default);
    }

    /// <summary>Draws one slice of two volumes and its difference (second minus first); the viewer compares all slices.</summary>
    /// <param name="first">The volume before.</param>
    /// <param name="second">The volume after, of the same shape.</param>
    /// <param name="options">Window and colors of both, and the slice; null for the middle one, 1% to 99% in gray.</param>
    /// <param name="firstName">What the first is called; its expression when not given.</param>
    /// <param name="secondName">What the second is called; its expression when not given.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    public static PictureView Compare(
        this Volume first, Volume second, ViewOptions? options = null,
        [CallerArgumentExpression(nameof(first))] string? firstName = null, [CallerArgumentExpression(nameof(second))] string? secondName = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return ComparePicture.Draw((firstName ?? "first", first), (secondName ?? "second", second), options ?? ViewOptions.Default);
    }
}
