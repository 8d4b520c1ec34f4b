using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>Text with terminal colors as escaped HTML with spans; other terminal commands are dropped.</summary>
internal static partial class AnsiHtml
{
    public static string Render(string text)
    {
        var html = new StringBuilder();
        var (bold, color, open) = (false, -1, false);
        var place = 0;
        foreach (Match match in Command().Matches(text))
        {
            Append(text[place..match.Index]);
            place = match.Index + match.Length;
            if (match.Groups["codes"].Success)
            {
                foreach (var code in match.Groups["codes"].Value.Split(';'))
                {
                    switch (int.TryParse(code, out var number) ? number : 0)
                    {
                        case 0: (bold, color) = (false, -1); break;
                        case 1: bold = true; break;
                        case 22: bold = false; break;
                        case 39: color = -1; break;
                        case >= 30 and <= 37: color = number - 30; break;
                        case >= 90 and <= 97: color = number - 90 + 8; break;
                    }
                }
            }
        }

        Append(text[place..]);
        return html.ToString();

        void Append(string part)
        {
            if (part.Length == 0)
            {
                return;
            }

            open = bold || color >= 0;
            if (open)
            {
                html.Append("<span class=\"").Append(color >= 0 ? $"a{color}" : "").Append(bold ? " ab" : "").Append("\">");
            }

            html.Append(WebUtility.HtmlEncode(Returned(part)));
            if (open)
            {
                html.Append("</span>");
            }
        }
    }

    // A carriage return starts the line anew: of a progress line only its last state counts.
    private static string Returned(string text) =>
        text.Contains('\r', StringComparison.Ordinal)
            ? string.Join('\n', text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n')
                .Select(line => line.TrimEnd('\r') is var l && l.LastIndexOf('\r') is var at and >= 0 ? l[(at + 1)..] : l))
            : text;

    [GeneratedRegex("\u001b\\[(?:(?<codes>[0-9;]*)m|[0-9;?]*[A-Za-z])")]
    private static partial Regex Command();
}
