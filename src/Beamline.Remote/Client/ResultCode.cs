using System.Globalization;
using System.Text;

namespace Beamline.Remote;

/// <summary>The C# that makes the results of a job variables of the notebook.</summary>
internal static class ResultCode
{
    /// <summary>Results of more bytes than this wait at the endpoint until they are used.</summary>
    public const long LazyAbove = 64L << 20;

    /// <summary>What most jobs of this kind will need: all results, all small.</summary>
    public static string Expected(JobRecord record) => Of(record, record.Outputs, new HashSet<string>());

    /// <param name="record">The job.</param>
    /// <param name="outputs">The variables to declare or assign.</param>
    /// <param name="later">Names of those that wait until they are used.</param>
    public static string Of(JobRecord record, IEnumerable<CapturedOutput> outputs, IReadOnlySet<string> later)
    {
        var code = new StringBuilder();
        if (!string.IsNullOrWhiteSpace(record.Declarations))
        {
            code.Append(record.Declarations.TrimEnd()).Append('\n');
        }

        var number = record.Number.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, type, isNew) in outputs)
        {
            // A name may be written with an @ that is not a part of it.
            var bare = name.TrimStart('@');
            if (isNew && later.Contains(name))
            {
                // The underscore at both ends keeps it out of lists of variables.
                var field = $"__{bare}_later";
                code.Append($"global::Beamline.Remote.RemoteResult<{type}> {field} = global::Beamline.Remote.RemoteResults.Later<{type}>({number}, \"{bare}\");\n")
                    .Append($"[global::Beamline.Remote.RemoteResult(\"{field}\")] {type} {name} {{ get => {field}.Value; set => {field}.Value = value; }}\n");
            }
            else
            {
                code.Append($"{(isNew ? type + " " : "")}{name} = global::Beamline.Remote.RemoteResults.Take<{type}>({number}, \"{bare}\");\n");
            }
        }

        return code.ToString();
    }
}
