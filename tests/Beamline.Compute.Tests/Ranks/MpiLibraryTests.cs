namespace Beamline.Compute.Tests;

/// <summary>Which MPI library is looked for, and what is said when it is none; waiting that is in vain.</summary>
public class MpiLibraryTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=2", "libmpi.so.40")]
    [InlineData("PMIX_RANK=0", "libmpi.so.40")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2", "libmpi.so.12")]
    [InlineData("PMI_RANK=0 OMPI_COMM_WORLD_SIZE=2", "libmpi.so.40")]
    [InlineData("BEAMLINE_MPI_LIBRARY=/opt/mpi/lib/libmpi.so PMI_RANK=0", "/opt/mpi/lib/libmpi.so")]
    public void The_launcher_says_which_to_look_for_first(string environment, string first)
    {
        var names = MpiLibrary.Names(Variables(environment));
        Assert.Equal(first, names[0]);
        Assert.Equal(first.StartsWith('/') ? 1 : 7, names.Count);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Theory]
    [InlineData("/nowhere/libmpi.so", "looked for /nowhere/libmpi.so")]
    [InlineData("libc.so.6", "libc.so.6 has no function MPI_Get_library_version")]
    public void What_is_no_MPI_is_told(string path, string says)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libc.so.6 is there on Linux.");
        var problem = Assert.Throws<RankException>(() => MpiLibrary.Load(Variables($"BEAMLINE_MPI_LIBRARY={path}"))).Message;
        Assert.Contains(says, problem, StringComparison.Ordinal);
        Assert.Contains("BEAMLINE_MPI_LIBRARY", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_in_vain_ends_after_a_while_and_not_at_once()
    {
        var (patience, between) = (RankWait.Patience, RankWait.BetweenQuestions);
        try
        {
            (RankWait.Patience, RankWait.BetweenQuestions) = (TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(100));
            var asked = 0;

            // At first nothing is known; then it is, for a moment; then for good.
            Ranks.Hindrance = () => ++asked switch { 1 => null, 2 => "for a moment", 3 => null, _ => "rank 1 has ended" };
            var wait = new RankWait(TestContext.Current.CancellationToken);
            var problem = Assert.Throws<RankException>((Action)WaitForEver);
            Assert.Equal("rank 1 has ended", problem.Message);
            Assert.InRange(asked, 5, 6);

            void WaitForEver()
            {
                while (true)
                {
                    wait.Once();
                }
            }
        }
        finally
        {
            (RankWait.Patience, RankWait.BetweenQuestions, Ranks.Hindrance) = (patience, between, null);
        }
    }

    private static Func<string, string?> Variables(string text) => text.Split(' ').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]).GetValueOrDefault;
}
