using System.Globalization;
using System.Text;

namespace Beamline.Remote;

/// <summary>The jobs that a user sent from this machine, on disk: a folder for each, named by its number. Several kernels use it at once.</summary>
/// <param name="folder">The folder.</param>
internal sealed class JobRegistry(string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Folder => folder;

    /// <summary>All jobs, newest first.</summary>
    public IReadOnlyList<JobRecord> All() => !Directory.Exists(folder) ? [] :
    [
        .. Numbers().OrderDescending().Select(n => Files(n).Read()).OfType<JobRecord>(),
    ];

    public JobFiles Files(int number) => new(Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture)));

    public JobRecord? Find(int number) => Files(number).Read();

    /// <summary>Takes a new number and writes the record down, before anything is sent.</summary>
    /// <param name="make">Makes the record for a number.</param>
    /// <param name="cancellationToken">Ends the waiting for another program.</param>
    public async Task<JobRecord> AddAsync(Func<int, JobRecord> make, CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(folder);
        int number;
        using (await LockAsync(cancellationToken).ConfigureAwait(false))
        {
            // Not the highest folder alone: the number of a job that was forgotten is not given to another.
            var last = Path.Combine(folder, "last");
            var noted = File.Exists(last) && int.TryParse(await File.ReadAllTextAsync(last, cancellationToken).ConfigureAwait(false), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
            number = Math.Max(noted, Numbers().DefaultIfEmpty(0).Max()) + 1;
            PrivateFile.CreateFolder(Files(number).Folder);
            PrivateFile.Replace(last, Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        }

        var record = make(number);
        Files(number).Write(record);
        return record;
    }

    /// <summary>Changes a record.</summary>
    public JobRecord Update(JobRecord record)
    {
        Files(record.Number).Write(record);
        return record;
    }

    /// <summary>Removes a job here. The endpoint keeps it.</summary>
    public void Forget(int number) => Directory.Delete(Files(number).Folder, recursive: true);

    private IEnumerable<int> Numbers() => Directory.EnumerateDirectories(folder).Select(Path.GetFileName)
        .Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(n => n > 0);

    /// <summary>The lock goes away with its process, however that ends.</summary>
    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, ".lock");
        var until = DateTimeOffset.UtcNow + Patience;
        while (true)
        {
            try
            {
                return PrivateLock.Open(path);
            }
            catch (IOException e)
            {
                if (DateTimeOffset.UtcNow > until)
                {
                    throw new EndpointException($"The list of jobs in {folder} is held by another program: {e.Message}", e);
                }

                await Task.Delay(5, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
