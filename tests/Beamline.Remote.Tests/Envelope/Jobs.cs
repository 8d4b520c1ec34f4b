using System.Text.Json.Nodes;

namespace Beamline.Remote.Tests;

/// <summary>Jobs to try things on.</summary>
internal static class Jobs
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static JobDescription Full(string? id = null) => new()
    {
        Id = id ?? JobNames.NewId(),
        Nonce = JobNames.NewId(),
        Created = Noon,
        Expires = Noon.AddMinutes(15),
        User = "ada",
        Label = "cell 7",
        Source = "var volume = Reconstruction.Fbp(projections); // \"é\" \u0007 \ud83d\ude00\n",
        Prelude = [new JobPart("cell 3", "static double Twice(double x) => 2 * x;", ["angles"])],
        Usings = ["System", "static System.Math"],
        Packages = [new JobPackage("MathNet.Numerics", "5.0.0", "abc=")],
        Framework = "net10.0",
        Runtime = "10.0.12",
        Beamline = "0.1.0",
        Inputs =
        [
            new JobValue("angles", "double[]", "array")
            {
                Json = new JsonObject { ["element"] = "double", ["array"] = 0 },
                Arrays = [new JobArray("<f8", [180], 1568, new string('a', 64))],
            },
            new JobValue("angles.1", "int", "json") { Json = 3 },
        ],
        Outputs = [new JobWish("volume", "Volume")],
        Resources = new JobResources { Nodes = 2, Gpus = 1, MemoryBytes = 8L << 30, Walltime = TimeSpan.FromSeconds(90.5), Extra = ["--exclusive"] },
        Map = new JobMap("angle", "double", "double", 180, "Item") { Items = "angles", Retries = 2 },
    };

    public static SignedJob Unsigned(string id) => new(JobDescriptionFile.Write(Full(id)), new JobSignature(new string('b', 64), "AA==", "AA=="));
}
