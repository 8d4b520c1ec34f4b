using System.Security.Cryptography;
using System.Text;

namespace Beamline.Display;

/// <summary>Identifiers that differ from one output of a page to another, and are the same each time a value is shown.</summary>
internal static class PageMark
{
    public static string Of(string content) => "b" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 6));
}
