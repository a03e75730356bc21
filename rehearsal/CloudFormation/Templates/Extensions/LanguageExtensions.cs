using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Extensions;

/// <summary>The transform <c>AWS::LanguageExtensions</c>, as far as it has to know values before the template is read: loops, policies
/// given by reference, functions inside <c>Ref</c> and <c>Fn::GetAtt</c>. What else it adds (<c>Fn::Length</c>, <c>Fn::ToJsonString</c>,
/// defaults of
/// <c>Fn::FindInMap</c>) is evaluated with the other functions.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html</summary>
internal sealed class LanguageExtensions
{
    /// <summary>The transform's name.</summary>
    public const string Name = "AWS::LanguageExtensions";

    private const string Failure = $"Transform {Name} failed with: ";

    private static readonly string[] Policies = ["DeletionPolicy", "UpdateReplacePolicy"];
    private readonly Evaluator _evaluator;

    private LanguageExtensions(Evaluator evaluator) => _evaluator = evaluator;

    /// <summary>The text of the template that such a template stands for; null when it does not ask for the transform.</summary>
    /// <param name="body">The template as it was given.</param>
    /// <param name="pseudo">The stack.</param>
    /// <param name="parameters">The parameters' values in use.</param>
    /// <exception cref="TemplateException">A loop or a reference cannot be resolved.</exception>
    public static string? Expand(string body, PseudoParameters pseudo, IReadOnlyDictionary<string, string> parameters)
    {
        var root = TemplateText.Read(body);
        if (!Template.TransformsOf(root).Contains(Name))
        {
            return null;
        }

        // Loops over conditions know parameters and mappings only; all others know the conditions too.
        Section(root, "Conditions", With(root, pseudo, parameters).Loops);
        var extensions = With(root, pseudo, parameters);
        Section(root, "Resources", section => extensions.References(extensions.PolicyValues(extensions.Loops(section))));
        Section(root, "Outputs", section => extensions.References(extensions.Loops(section)));
        return root.ToJsonString();
    }

    /// <summary>The same with the parameters' defaults, for whoever only wants to know what is in a template. A loop over a parameter
    /// without a default is run once.</summary>
    /// <exception cref="TemplateException">A loop is not laid out as one, whatever the values.</exception>
    public static string? ExpandWithDefaults(string body)
    {
        try
        {
            return Expand(
                body,
                new PseudoParameters("123456789012", "us-east-1", "", ""),
                Template
                    .Declarations(TemplateText.Read(body))
                    .Parameters.Values.ToDictionary(p => p.Name, p => p.Default ?? p.AllowedValues?.FirstOrDefault() ?? "1")
            );
        }
        catch (Exception exception)
            when (exception is KeyNotFoundException
                || exception is TemplateException && !exception.Message.StartsWith(Failure, StringComparison.Ordinal)
            )
        {
            // What a loop goes over is known when the stack is made.
            return WithoutLoops(body);
        }
    }

    private static string WithoutLoops(string body)
    {
        var root = TemplateText.Read(body);
        foreach (var section in new[] { "Conditions", "Resources", "Outputs" }.Select(name => root[name]).OfType<JsonObject>())
        {
            foreach (var loop in section.Select(entry => entry.Key).Where(ForEach.IsLoop).ToList())
            {
                section.Remove(loop);
            }
        }

        return root.ToJsonString();
    }

    internal static TemplateException Failed(string what) => new(Failure + what);

    private static LanguageExtensions With(JsonObject root, PseudoParameters pseudo, IReadOnlyDictionary<string, string> parameters) =>
        new(
            new Evaluator(
                Template.Declarations(root),
                new EvaluationScope(
                    pseudo,
                    parameters,
                    new NoResources(),
                    _ => throw Failed("Fn::ImportValue cannot be resolved here."),
                    _ => throw Failed("Dynamic references cannot be resolved here.")
                )
            )
        );

    private static void Section(JsonObject root, string name, Func<JsonNode?, JsonNode?> change)
    {
        if (root[name] is JsonObject section)
        {
            root[name] = change(section);
        }
    }

    private JsonNode? Loops(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                return new JsonArray([.. list.Select(Loops)]);
            case JsonObject map:
                var result = new JsonObject();
                foreach (var (key, value) in map)
                {
                    if (ForEach.IsLoop(key))
                    {
                        Unroll(key, value, result);
                    }
                    else
                    {
                        result[key] = Loops(value);
                    }
                }

                return result;
            default:
                return node?.DeepClone();
        }
    }

    private void Unroll(string key, JsonNode? loop, JsonObject into)
    {
        var each = ForEach.Read(key, loop);
        if (_evaluator.Value(each.Collection) is not JsonArray values)
        {
            throw Failed($"{key} could not be resolved: its collection is no list.");
        }

        foreach (var value in values.Select(item => item.Text()))
        {
            var fragment = each.With(value ?? throw Failed($"{key} could not be resolved: an item of its collection is no text."));
            foreach (var (name, made) in (JsonObject)Loops(fragment)!)
            {
                if (!into.TryAdd(name, made?.DeepClone()))
                {
                    throw Failed($"{key} gives the key {name} more than once.");
                }
            }
        }
    }

    private JsonNode? PolicyValues(JsonNode? resources)
    {
        foreach (var resource in (resources as JsonObject ?? []).Select(entry => entry.Value).OfType<JsonObject>())
        {
            foreach (var policy in Policies.Where(policy => resource[policy] is JsonObject))
            {
                resource[policy] = _evaluator.Value(resource[policy])?.Text() is { } text
                    ? JsonValue.Create(text)
                    : throw Failed($"{policy} could not be resolved to a text.");
            }
        }

        return resources;
    }

    /// <summary>Resolves the functions that stand where a reference wants the name of a resource or parameter.</summary>
    private JsonNode? References(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                return new JsonArray([.. list.Select(References)]);
            case JsonObject map:
                var result = new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, References(entry.Value))));
                if (result is { Count: 1 } && result["Ref"] is JsonObject target)
                {
                    result["Ref"] = _evaluator.Value(target)?.DeepClone();
                }
                else if (result is { Count: 1 } && result["Fn::GetAtt"] is JsonArray { Count: 2 } path)
                {
                    for (var i = 0; i < 2; i++)
                    {
                        path[i] = path[i] is JsonObject function ? _evaluator.Value(function)?.DeepClone() : path[i]?.DeepClone();
                    }
                }

                return result;
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>The transform runs before there are resources.</summary>
    private sealed class NoResources : IResourceValues
    {
        public JsonNode Ref(string logicalId) => throw Failed($"{logicalId} could not be resolved: it is no parameter.");

        public JsonNode GetAtt(string logicalId, string attribute) => throw Failed($"{logicalId}.{attribute} could not be resolved.");
    }
}
