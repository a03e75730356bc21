using System.Globalization;
using System.Text.Json.Serialization;

namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>What a resource type's schema says of it. Written by <c>generate/generate.mjs</c>, which describes the members.</summary>
internal sealed class ResourceSchema
{
    /// <summary>E.g. <c>AWS::SQS::Queue</c>.</summary>
    [JsonIgnore]
    public string Name { get; set; } = "";

    /// <summary>The properties and attributes that identify a resource; joined by <c>|</c> they are its physical id.</summary>
    [JsonPropertyName("i")]
    public IReadOnlyList<string> Identifier { get; init; } = [];

    /// <summary>What <c>Ref</c> gives, when that is not the identifier.</summary>
    [JsonPropertyName("r")]
    public IReadOnlyList<string>? Reference { get; init; }

    /// <summary>E.g. <c>arn:${Partition}:sqs:${Region}:${Account}:${QueueName}</c>.</summary>
    [JsonPropertyName("n")]
    public string? ArnTemplate { get; init; }

    /// <summary>The property that holds the tags.</summary>
    [JsonPropertyName("t")]
    public string? TagProperty { get; init; }

    /// <summary>What <c>Fn::GetAtt</c> can name, with the written types.</summary>
    [JsonPropertyName("a")]
    public Dictionary<string, string> Attributes { get; init; } = [];

    /// <summary>The properties with their written types.</summary>
    [JsonPropertyName("p")]
    public Dictionary<string, string> Properties { get; init; } = [];

    /// <summary>The members of the structures that types name by their place.</summary>
    [JsonPropertyName("d")]
    public IReadOnlyList<Dictionary<string, string>> Structures { get; init; } = [];

    /// <summary>The lists of allowed values that types name by their place.</summary>
    [JsonPropertyName("v")]
    public IReadOnlyList<IReadOnlyList<string>> Values { get; init; } = [];

    /// <summary>The service, as in <c>AWS::Service::Type</c>.</summary>
    [JsonIgnore]
    public string Service => Name.Split("::")[1];

    /// <summary>The last part of the name.</summary>
    [JsonIgnore]
    public string Kind => Name[(Name.LastIndexOf(':') + 1)..];

    /// <summary>Whether the member of this written type has to be given.</summary>
    public static bool IsRequired(string written) => written.StartsWith('!');

    /// <summary>Whether a change of the property replaces the resource: <c>+</c> it does, <c>~</c> it may.</summary>
    public static char? Replaces(string written) => written.TrimStart('!')[0] is var mark and ('+' or '~') ? mark : null;

    /// <summary>The type without the marks before it.</summary>
    public static string TypeOf(string written) => written.TrimStart('!', '+', '~');

    /// <summary>The values that a text or number of this type may have; null where any is taken.</summary>
    public IReadOnlyList<string>? AllowedValues(string type) =>
        type.IndexOf('@', StringComparison.Ordinal) is > 0 and var mark
            ? Values[int.Parse(type.AsSpan(mark + 1), CultureInfo.InvariantCulture)]
            : null;
}
