using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote;

/// <summary>
/// Takes values of some types apart for a journey and puts them together again. An extension adds its own with
/// <see cref="Beamline.Notebook.IExtensionRegistry.AddService"/>. Calls may come from several threads.
/// </summary>
internal interface IValueCodec
{
    /// <summary>The name in <see cref="JobValue.Codec"/>, for instance "volume"; the same at both ends.</summary>
    string Name { get; }

    /// <summary>Whether values of a type are this codec's.</summary>
    /// <param name="type">The type of the value, or of a variable.</param>
    bool Accepts(Type type);

    /// <summary>Takes a value apart.</summary>
    /// <param name="value">The value; never null.</param>
    /// <param name="writer">Takes arrays, and values within.</param>
    /// <returns>What is to be known beside the arrays; null for nothing.</returns>
    /// <exception cref="EndpointException">This value cannot travel: the message says what to do.</exception>
    JsonNode? Encode(object value, ValueWriter writer);

    /// <summary>Puts a value together.</summary>
    /// <param name="json">What <see cref="Encode"/> gave; checked by nobody.</param>
    /// <param name="type">The type that is wanted: that of the variable, or a derived one.</param>
    /// <param name="reader">Gives arrays, and values within.</param>
    /// <exception cref="EndpointException">The JSON or an array does not fit.</exception>
    object Decode(JsonElement json, Type type, ValueReader reader);
}
