using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>What a path or an expression can see: <c>$</c>, <c>$$</c>, and the variables.</summary>
/// <param name="Input">The value of <c>$</c>.</param>
/// <param name="Context">The context object, <c>$$</c>.</param>
/// <param name="Variables">The variables in scope, inner ones first.</param>
/// <param name="Random">A source of randomness, seeded by the world: at least 0, below 1.</param>
public sealed record PathScope(JsonNode? Input, JsonObject Context, IReadOnlyDictionary<string, JsonNode?> Variables, Func<double> Random);
