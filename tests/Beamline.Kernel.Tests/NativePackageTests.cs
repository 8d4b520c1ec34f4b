using System.ComponentModel;
using System.Diagnostics;

namespace Beamline.Kernel.Tests;

/// <summary>Native libraries of packages.</summary>
public sealed class NativePackageTests : IDisposable
{
    private readonly TestFeed _feed = new();
    private readonly TestKernel _kernel;
    private readonly string _id;

    public NativePackageTests() => (_kernel, _id) = (_feed.Kernel(), _feed.Id);

    public void Dispose()
    {
        _kernel.Dispose();
        _feed.Dispose();
    }

    [Fact]
    public async Task A_real_package_with_natives_draws()
    {
        Assert.SkipWhen(PackageFolder.Versions("SkiaSharp.NativeAssets.Linux.NoDependencies").Count == 0, "SkiaSharp is not on this machine: build the whole solution first.");
        // In a process of its own: TorchSharp, which another test loads into this one, brings an older SkiaSharp.
        using var folder = new TemporaryFolder();
        var notebook = new NotebookDocument();
        notebook.Cells.Add(new NotebookCell(NotebookCellKind.Code, $"""
            #r "nuget: SkiaSharp, {PackageFolder.Versions("SkiaSharp")[0]}"
            #r "nuget: SkiaSharp.NativeAssets.Linux.NoDependencies, {PackageFolder.Versions("SkiaSharp.NativeAssets.Linux.NoDependencies")[0]}"
            var bitmap = new SkiaSharp.SKBitmap(4, 4);
            bitmap.Erase(SkiaSharp.SKColors.Blue);
            bitmap.GetPixel(2, 2).ToString().ToUpperInvariant()
            """));
        var (path, output) = (folder.File("draw.ipynb"), folder.File("out.ipynb"));
        notebook.Save(path);
        await TestHost.RunAsync(path, output);
        Assert.Equal("#FF0000FF", RunnerFixture.Text(NotebookDocument.Load(output).Cells[0]));
    }

    [Fact]
    public async Task A_native_library_finds_the_one_it_needs_in_another_package()
    {
        var (inner, outer) = (_feed.File($"lib{_id}inner.so"), _feed.File($"lib{_id}outer.so"));
        await GccAsync(inner, "int inner_value(void) { return 40; }");
        await GccAsync(outer, "int inner_value(void); int outer_value(void) { return inner_value() + 2; }", inner);
        _feed.AddNative(_id + ".Inner", "1.0.0", inner);
        _feed.AddNative(_id + ".Outer", "1.0.0", outer);
        _feed.Add(_id, "1.0.0", $$"""
            using System.Runtime.InteropServices;
            public static class {{_id}} { [DllImport("{{_id}}outer")] public static extern int outer_value(); }
            """, needs: [(_id + ".Inner", "1.0.0"), (_id + ".Outer", "1.0.0")]);
        File.Delete(inner);
        File.Delete(outer);
        Assert.Equal("42", await _kernel.TextAsync($"#r \"nuget: {_id}, 1.0.0\"\n{_id}.outer_value()"));
        Assert.Contains($"lib{_id}inner.so", ElfLibrary.TryOpen(
            Directory.GetFiles(_feed.PackagesFolder, $"lib{_id}outer.so", SearchOption.AllDirectories)[0])!.Needed);
    }

    [Fact]
    public async Task A_function_that_a_cell_imports_is_found_in_a_package()
    {
        var file = _feed.File($"lib{_id}own.so");
        await GccAsync(file, "int own_value(void) { return 42; }");
        _feed.AddNative(_id + ".Own", "1.0.0", file);
        File.Delete(file);
        Assert.Equal("42", await _kernel.TextAsync(
            $"#r \"nuget: {_id}.Own, 1.0.0\"\nusing System.Runtime.InteropServices;\n" +
            $"[DllImport(\"{_id}own\")] static extern int own_value();\nown_value()"));
    }

    [Fact]
    public async Task A_native_library_that_does_not_load_says_which_and_why()
    {
        _feed.Write($"lib{_id}.so", "no library");
        _feed.AddNative(_id + ".Native", "1.0.0", _feed.File($"lib{_id}.so"));
        _feed.Add(_id, "1.0.0", $$"""
            using System.Runtime.InteropServices;
            public static class {{_id}} { [DllImport("{{_id}}")] public static extern int value(); }
            """, needs: (_id + ".Native", "1.0.0"));
        var (outcome, cell) = await _kernel.RunAsync($"#r \"nuget: {_id}, 1.0.0\"\n{_id}.value()");
        Assert.Equal("DllNotFoundException", outcome.Error!.Name);
        Assert.Contains($"lib{_id}.so does not load", TestKernel.Streams(cell, "stderr"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(500)]
    public async Task A_damaged_library_is_none_and_never_an_exception(int kept)
    {
        var path = _feed.File("lib.so");
        await GccAsync(path, "#include <stdio.h>\nint x(void) { return puts(\"\"); }");
        var bytes = await File.ReadAllBytesAsync(path);
        var random = new Random(kept);
        await File.WriteAllBytesAsync(path, bytes[..kept]);
        _ = ElfLibrary.TryOpen(path)?.Imports().Count;
        for (var i = 0; i < 300 && kept > 3; i++)
        {
            var copy = (byte[])bytes.Clone();
            for (var n = 0; n < kept / 10; n++)
            {
                copy[random.Next(copy.Length)] = (byte)random.Next(256);
            }

            await File.WriteAllBytesAsync(path, copy);
            _ = ElfLibrary.TryOpen(path)?.Imports()?.Count;
        }
    }

    [Theory]
    [InlineData("/x/libA.so: undefined symbol: f")]
    [InlineData("libB.so: cannot open shared object file: No such file or directory")]
    public async Task Only_a_missing_version_is_explained_as_one(string failure)
    {
        var path = _feed.File("lib.so");
        await GccAsync(path, "int x(void) { return 1; }");
        var elf = ElfLibrary.TryOpen(path)!;
        Assert.Equal("", RuntimeFix.Explain(elf, failure));
        Assert.False(RuntimeFix.TryLoad(elf, failure, out _));
        const string Newer = "/lib/libstdc++.so.6: version `GLIBCXX_3.4.99' not found (required by lib.so)";
        Assert.Contains("GLIBCXX_3.4.99 is not in this system's C++ or C runtime", RuntimeFix.Explain(elf, Newer));
        Assert.False(RuntimeFix.TryLoad(elf, Newer, out _));
    }

    private static async Task GccAsync(string output, string code, params string[] libraries)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF libraries are of Linux.");
        var source = Path.ChangeExtension(output, ".c");
        await File.WriteAllTextAsync(source, code);
        try
        {
            using var gcc = Process.Start(new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-Wl,-soname," + Path.GetFileName(output), "-o", output, source, .. libraries.Select(l => "-l:" + Path.GetFileName(l)), "-L" + Path.GetDirectoryName(output)]))!;
            await gcc.WaitForExitAsync();
            Assert.Equal(0, gcc.ExitCode);
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no gcc here to make a native library with.");
        }
    }
}
