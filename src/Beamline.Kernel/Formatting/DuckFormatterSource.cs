using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// Formatters that a type names by itself, with an attribute known only by its simple name, so that neither
/// side needs a reference to the other: <c>[TypeFormatterSource]</c> with <c>FormatterSourceType</c> and
/// <c>PreferredMimeTypes</c>; the source has <c>CreateTypeFormatters()</c>, whose objects have <c>MimeType</c>,
/// <c>Format(object, TextWriter)</c> and, if they serve only some types, <c>Type</c>.
/// </summary>
internal sealed class DuckFormatterSource
{
    private const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly ConcurrentDictionary<Type, Duck[]> _byType = new();

    /// <summary>Shows a value by its type's own formatters.</summary>
    /// <returns>The bundle, or null when the type names none.</returns>
    public MimeBundle? Format(object value)
    {
        var bundle = MimeBundle.Empty;
        foreach (var duck in _byType.GetOrAdd(value.GetType(), Find))
        {
            using var writer = new StringWriter();
            if (duck.Format.Invoke(duck.Target, [value, writer]) is false)
            {
                continue;
            }

            var text = writer.ToString();
            bundle = IsJson(duck.MimeType) && JsonNode.Parse(text) is { } json
                ? bundle.With(duck.MimeType, json)
                : bundle.With(duck.MimeType, text);
        }

        return bundle.Parts.Count > 0 ? bundle : null;
    }

    private static bool IsJson(string mimeType) =>
        mimeType == MimeTypes.Json || mimeType.EndsWith("+json", StringComparison.Ordinal);

    private static Duck[] Find(Type type)
    {
        var attribute = Ancestors(type)
            .SelectMany(t => t.GetCustomAttributes(inherit: false))
            .FirstOrDefault(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        if (attribute?.GetType().GetProperty("FormatterSourceType")?.GetValue(attribute) is not Type sourceType)
        {
            return [];
        }

        var source = Activator.CreateInstance(sourceType, nonPublic: true);
        var made = sourceType.GetMethod("CreateTypeFormatters", AnyInstance | BindingFlags.Static, [])
            ?.Invoke(source, null) as IEnumerable
            ?? throw new InvalidOperationException(
                $"{sourceType.FullName} is named as a formatter source but has no CreateTypeFormatters() that returns a sequence.");
        var preferred = (attribute.GetType().GetProperty("PreferredMimeTypes")?.GetValue(attribute)
            as IEnumerable<string>)?.ToList() ?? [];
        Duck[] all = [.. made.Cast<object>().Select(Duck.Of).Where(d => d.Serves(type)).DistinctBy(d => d.MimeType)];
        Duck[] wanted = [.. all.Where(d => preferred.Contains(d.MimeType)).OrderBy(d => preferred.IndexOf(d.MimeType))];
        return wanted.Length > 0 ? wanted : all;
    }

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            yield return t;
        }

        foreach (var contract in type.GetInterfaces())
        {
            yield return contract;
        }
    }

    private sealed record Duck(object Target, string MimeType, MethodInfo Format, Type? Type)
    {
        public bool Serves(Type type) => Type is null || Type.IsAssignableFrom(type);

        public static Duck Of(object target)
        {
            var type = target.GetType();
            var format = type.GetMethods(AnyInstance).FirstOrDefault(m =>
                m.Name == "Format" && m.GetParameters() is [{ ParameterType: var first }, { ParameterType: var second }] &&
                first == typeof(object) && second.IsAssignableFrom(typeof(StringWriter)));
            var mimeType = type.GetProperty("MimeType", AnyInstance)?.GetValue(target) as string;
            return format is not null && mimeType is not null
                ? new Duck(target, mimeType, format, type.GetProperty("Type", AnyInstance)?.GetValue(target) as Type)
                : throw new InvalidOperationException(
                    $"{type.FullName} is no formatter: it needs MimeType and Format(object, TextWriter).");
        }
    }
}
