using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote.Tests;

/// <summary>The schema and docs/envelope.md say what the records are.</summary>
public sealed class SchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "job.schema.json")))!.AsObject();

    public static TheoryData<Type> Records =>
        [typeof(JobDescription), typeof(JobPart), typeof(JobPackage), typeof(JobWish), typeof(JobValue), typeof(JobArray), typeof(JobMap), typeof(JobResources)];

    [Theory]
    [MemberData(nameof(Records))]
    public void Each_record_has_the_fields_of_the_schema(Type type)
    {
        var written = type == typeof(JobDescription) ? Schema : Schema["$defs"]![Camel(type.Name)]!.AsObject();
        Assert.False((bool)written["additionalProperties"]!);
        var info = JobJson.Strict.GetTypeInfo(type);
        Assert.Equal(info.Properties.Select(p => p.Name).Order(StringComparer.Ordinal), written["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        var required = info.Properties.Where(p => p.IsRequired || p.AssociatedParameter is not null || (type == typeof(JobDescription) && p.Name == "schema")).Select(p => p.Name);
        Assert.Equal(required.Order(StringComparer.Ordinal), (written["required"] as JsonArray ?? new JsonArray()).Select(n => (string)n!).Order(StringComparer.Ordinal));
        foreach (var property in info.Properties)
        {
            var field = written["properties"]![property.Name]!.AsObject();
            Assert.False(string.IsNullOrWhiteSpace((string?)field["description"]), $"{type.Name}.{property.Name} has no description");
            Assert.Equal(KindOf(property.PropertyType), (string?)field["type"] ?? ((string?)field["$ref"] is { } other ? "#" + other.Split('/')[^1] : null));
            if (property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            {
                var items = field["items"]!.AsObject();
                Assert.Equal(KindOf(property.PropertyType.GenericTypeArguments[0]), (string?)items["type"] ?? "#" + ((string)items["$ref"]!).Split('/')[^1]);
            }
        }
    }

    [Fact]
    public void The_version_is_the_one_that_is_written() =>
        Assert.Equal(JobDescription.CurrentSchema, (string?)Schema["properties"]!["schema"]!["const"]);

    [Fact]
    public void The_documentation_names_every_field_and_its_example_is_a_job()
    {
        var text = File.ReadAllText(Path.Combine(Repository(), "docs", "envelope.md"));
        foreach (var type in (Type[])[typeof(JobDescription), typeof(JobPart), typeof(JobPackage), typeof(JobWish), typeof(JobValue), typeof(JobArray), typeof(JobMap), typeof(JobResources), typeof(JobStatus), typeof(JobError), typeof(JobEvent), typeof(JobSignature)])
        {
            Assert.All(JobJson.Strict.GetTypeInfo(type).Properties.Where(p => p.Get is not null), p => Assert.Contains($"`{p.Name}`", text));
        }

        foreach (var layout in typeof(JobLayout).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.Name != "Folder"))
        {
            Assert.Contains($"`{Path.GetRelativePath("/j", (string)layout.GetValue(new JobLayout("/j"))!)}", text);
        }

        var start = text.IndexOf("```json\n", StringComparison.Ordinal) + 8;
        var example = System.Text.Encoding.UTF8.GetBytes(text[start..text.IndexOf("```", start, StringComparison.Ordinal)]);
        var job = JobDescriptionFile.Read(example);
        Assert.Equal("cell 7", job.Label);
    }

    private static string KindOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) || type == typeof(DateTimeOffset) => "string",
            _ when type == typeof(int) || type == typeof(long) => "integer",
            _ when type == typeof(bool) => "boolean",
            _ when type == typeof(TimeSpan) => "number",
            _ when type == typeof(JsonNode) => "#anything",
            _ when typeof(IEnumerable).IsAssignableFrom(type) => "array",
            _ => "#" + Camel(type.Name),
        };
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Interactive.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
