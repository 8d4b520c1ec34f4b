using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Beamline.Benchmarks;

/// <summary>A page in which vtk.js draws a volume of bytes. vtk.js is installed here, by its lock file, and by nothing else.</summary>
internal sealed class VtkPage
{
    private readonly string _script;

    private VtkPage(string script) => _script = script;

    /// <summary>Installs and bundles vtk.js in artifacts/test-tools/vtk; null and the reason when that does not work.</summary>
    public static async Task<(VtkPage? Page, string Why)> InstallAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "peers", "vtk");
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "test-tools", "vtk"));
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules", "@kitware")))
            {
                await RunAsync(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
            }

            await RunAsync(folder, Path.Combine(folder, "node_modules", ".bin", "esbuild"), "page.mjs", "--bundle", "--minify", "--format=iife", "--outfile=page.js", "--log-level=error");
            return (new VtkPage((await File.ReadAllTextAsync(Path.Combine(folder, "page.js"))).Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)), "");
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return (null, e.Message);
        }
    }

    /// <summary>The page; it writes when its picture is there into <c>beamlineDone</c>, in ms since the page began.</summary>
    /// <param name="codes">The values, x fastest.</param>
    /// <param name="sizes">Slices, rows, columns.</param>
    /// <param name="edge">Width and height of the picture in CSS pixels.</param>
    public string Html(byte[] codes, int[] sizes, int edge)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(codes);
        }

        var payload = new JsonObject
        {
            ["bytes"] = Convert.ToBase64String(packed.ToArray()),
            ["dims"] = new JsonArray(sizes[2], sizes[1], sizes[0]), ["low"] = 60, ["high"] = 255, ["edge"] = edge,
        };
        return string.Create(CultureInfo.InvariantCulture, $$"""
            <!doctype html><meta charset="utf-8"><body><script>{{_script}}</script><script>
            showVolume({{payload.ToJsonString()}}).then(() => {
              const look = new OffscreenCanvas(1, 1).getContext('2d');
              // Reading a pixel waits until the picture is drawn.
              globalThis.drawn = () => { look.drawImage(vtkCanvas, vtkCanvas.width / 2, vtkCanvas.height / 2, 1, 1, 0, 0, 1, 1); return look.getImageData(0, 0, 1, 1).data[0]; };
              if (drawn() < 60) throw Error('vtk.js drew nothing');
              globalThis.beamlineDone = performance.now();
            });</script>
            """);
    }

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {await output}{await errors}");
        }
    }
}
