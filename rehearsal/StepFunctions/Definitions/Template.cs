using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>A field that holds data with expressions in it; its absence is a null template, a JSON null is a null value.</summary>
/// <param name="Value">The field's value as written.</param>
public sealed record Template(JsonNode? Value);

/// <summary>A field that is given as a value, as a JSONata expression, or through a path (<c>Seconds</c>, <c>SecondsPath</c>).</summary>
/// <param name="Name">The field's name as written, with <c>Path</c> where it is one.</param>
/// <param name="Value">The value or expression; null when the field is a path.</param>
/// <param name="Path">The path.</param>
public sealed record ValueOrPath(string Name, JsonNode? Value, string? Path);
