namespace Beamline.Kernel.Tests;

public sealed class ConnectionTests : IDisposable
{
    private const string Ports =
        "\"shell_port\":1,\"iopub_port\":2,\"stdin_port\":3,\"control_port\":4,\"hb_port\":65535";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_connection_file_is_read()
    {
        var info = ConnectionInfo.Load(_folder.Write("c.json", $"{{{Ports},\"key\":\"k\",\"ip\":\"127.0.0.2\",\"kernel_name\":\"x\"}}"));
        Assert.Equal(
            (1, 2, 3, 4, 65535, "k"),
            (info.ShellPort, info.IopubPort, info.StdinPort, info.ControlPort, info.HeartbeatPort, info.Key));
        Assert.Equal("tcp://127.0.0.2:4", info.Address(info.ControlPort));
    }

    [Theory]
    [InlineData("", "not a connection file")]
    [InlineData("not json", "not a connection file")]
    [InlineData("[1]", "not a connection file")]
    [InlineData("{}", "key is empty")]
    [InlineData("{\"key\":\"\"," + Ports + "}", "key is empty")]
    [InlineData("{\"key\":3," + Ports + "}", "not a connection file")]
    [InlineData("{\"key\":\"k\"}", "shell_port is not a port")]
    [InlineData("{\"key\":\"k\",\"shell_port\":\"a\"}", "not a connection file")]
    [InlineData("{\"key\":\"k\",\"shell_port\":1.5}", "not a connection file")]
    [InlineData("{\"key\":\"k\",\"shell_port\":0}", "shell_port is not a port")]
    [InlineData("{\"key\":\"k\",\"shell_port\":65536}", "shell_port is not a port")]
    [InlineData("{\"key\":\"k\",\"transport\":\"ipc\"," + Ports + "}", "only tcp")]
    [InlineData("{\"key\":\"k\",\"signature_scheme\":\"hmac-md5\"," + Ports + "}", "only hmac-sha256")]
    [InlineData("{\"key\":\"k\",\"ip\":\"0.0.0.0\"," + Ports + "}", "every network")]
    [InlineData("{\"key\":\"k\",\"ip\":\"*\"," + Ports + "}", "every network")]
    [InlineData("{\"key\":\"k\",\"ip\":\"::\"," + Ports + "}", "every network")]
    public void A_file_that_cannot_be_used_says_why(string text, string expected)
    {
        var path = _folder.Write("c.json", text);
        var error = Assert.Throws<InvalidDataException>(() => ConnectionInfo.Load(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void A_file_that_others_can_read_is_made_private_and_one_that_they_can_write_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix modes.");
            return;
        }

        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = _folder.Write("c.json", "{}");
        File.SetUnixFileMode(path, Mine);
        Assert.Null(ConnectionFile.Check(path));
        File.SetUnixFileMode(path, Mine | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var warning = ConnectionFile.Check(path);
        Assert.StartsWith($"{path} can be read by other users of this machine (mode 644)", warning);
        Assert.Equal(Mine, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, Mine | UnixFileMode.OtherWrite);
        var error = Assert.Throws<InvalidDataException>(() => ConnectionFile.Check(path));
        Assert.Contains($"chmod 600 {path}", error.Message);
    }

    [Fact]
    public void A_connection_of_our_own_has_a_new_key_and_the_ports_that_were_free()
    {
        using var first = new KernelSockets(ConnectionFile.NewLocal());
        using var second = new KernelSockets(ConnectionFile.NewLocal());
        var ports = new[] { first, second }.SelectMany(s => new[]
        {
            s.Connection.ShellPort, s.Connection.IopubPort, s.Connection.StdinPort, s.Connection.ControlPort, s.Connection.HeartbeatPort,
        }).ToArray();
        Assert.All(ports, p => Assert.InRange(p, 1, 65535));
        Assert.Equal(10, ports.Distinct().Count());
        Assert.NotEqual(first.Connection.Key, second.Connection.Key);
        Assert.Equal(64, first.Connection.Key.Length);
    }

    [Fact]
    public void A_taken_port_is_named_with_what_to_do()
    {
        using var first = new KernelSockets(ConnectionFile.NewLocal());
        var error = Assert.ThrowsAny<NetMQ.NetMQException>(() => new KernelSockets(first.Connection));
        Assert.Contains($"shell port {first.Connection.ShellPort} of 127.0.0.1", error.Message);
        Assert.Contains("start the kernel again", error.Message);
    }

    [Fact]
    public async Task The_kernel_answers_2_for_a_file_that_is_missing_or_wrong()
    {
        Assert.Equal(2, await KernelHost.RunAsync(_folder.File("none.json"), []));
        Assert.Equal(2, await KernelHost.RunAsync(_folder.Write("c.json", "{}"), []));
    }

    [Fact]
    public void A_kernel_spec_is_installed_replaced_and_removed()
    {
        var place = KernelSpecPlace.Prefix(_folder.Path);
        KernelSpecInstaller.Install(place, ["old", "{connection_file}"]);
        var folder = KernelSpecInstaller.Install(place, ["dotnet", "a b.dll", "{connection_file}"]);
        Assert.Equal(Path.Combine(_folder.Path, "share", "jupyter", "kernels", "beamline"), folder);
        var spec = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        Assert.Equal("[\"dotnet\",\"a b.dll\",\"{connection_file}\"]", spec["argv"]!.ToJsonString());
        Assert.Equal(("C# (Beamline)", "message"), ((string?)spec["display_name"], (string?)spec["interrupt_mode"]));
        Assert.True(File.Exists(Path.Combine(folder, "logo-64x64.png")));
        Assert.Equal([folder], Directory.GetFileSystemEntries(Path.GetDirectoryName(folder)!));
        Assert.Throws<ArgumentException>(() => KernelSpecInstaller.Install(place, ["dotnet"]));
        Assert.True(KernelSpecInstaller.Uninstall(place));
        Assert.False(KernelSpecInstaller.Uninstall(place));
    }
}
