namespace Beamline.Packages.Tests;

/// <summary>A distribution's library of the same name must not stand in for the one that a package brings (Debian's libtorch 1.13 did).</summary>
public sealed class SystemLibrariesTests
{
    [Fact]
    public void Libraries_of_the_system_are_known_by_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names of libraries are global on Linux only.");
        Assert.True(SystemLibraries.Has("libc.so.6"));
        Assert.False(SystemLibraries.Has("libbeamline-of-nobody.so"));
    }

    [Fact]
    public void A_package_library_with_the_name_of_one_of_the_system_is_loaded_from_the_package()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names of libraries are global on Linux only.");
        var system = new[] { "/lib/x86_64-linux-gnu/libz.so.1", "/usr/lib/x86_64-linux-gnu/libz.so.1", "/usr/lib64/libz.so.1" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(system is null, "There is no libz here to take a copy of.");
        using var folder = new TemporaryFolder();
        var own = folder.File("libz.so.1");
        File.Copy(system, own);
        NativeLibraries.Add([own]);
        Assert.Contains(File.ReadLines("/proc/self/maps"), line => line.EndsWith(own, StringComparison.Ordinal));
    }
}
