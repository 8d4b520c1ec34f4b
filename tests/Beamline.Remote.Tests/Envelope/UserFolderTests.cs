namespace Beamline.Remote.Tests;

/// <summary>Folders that belong to a user.</summary>
[Collection("BEAMLINE_HOME")]
public sealed class UserFolderTests
{
    [Fact]
    public void It_is_made_where_it_is_wanted_and_closed_to_others()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.GetEnvironmentVariable("BEAMLINE_HOME");
        Environment.SetEnvironmentVariable("BEAMLINE_HOME", folder.File("home"));
        try
        {
            Directory.CreateDirectory(folder.File("home"));
            File.SetUnixFileMode(folder.File("home"), (UnixFileMode)0x1ff);
            Assert.Equal(folder.File("home/local/jobs"), UserFolder.Of("local/jobs"));
            foreach (var path in (string[])["home", "home/local", "home/local/jobs"])
            {
                Assert.Equal((UnixFileMode)0x1c0, File.GetUnixFileMode(folder.File(path)));
            }

            Assert.Throws<EndpointException>(() => UserFolder.Of("../x"));
            Assert.Throws<EndpointException>(() => UserFolder.Of("/etc"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("BEAMLINE_HOME", before);
        }
    }
}
