using System.Text.Json;
using Deployer.Protocols;

namespace Deployer.Sdk.Tests.Contract;

/// <summary>Compares a service's model here with the one read from npm and names each difference.</summary>
internal sealed class Comparison(JsonElement model, ServiceModel service)
{
    private readonly List<string> _differences = [];
    private readonly HashSet<string> _compared = [];

    internal IReadOnlyList<string> Differences()
    {
        Same("service id", Text(model, "serviceId"), service.ServiceId);
        Same("version", Text(model, "apiVersion"), service.ApiVersion);
        Same("target", Text(model, "target"), service.TargetPrefix);
        Same("signing name", Text(model, "signingName"), service.SigningName);
        Same("endpoint", Text(model, "endpointPrefix"), service.EndpointPrefix);
        Same(
            "protocol",
            Text(model, "protocol"),
            service.Protocol switch
            {
                ProtocolKind.AwsJson10 => "AwsJson1_0Protocol",
                ProtocolKind.AwsJson11 => "AwsJson1_1Protocol",
                ProtocolKind.AwsQuery => "AwsQueryProtocol",
                ProtocolKind.Ec2Query => "AwsEc2QueryProtocol",
                _ => "AwsRestJsonProtocol",
            }
        );
        if (IsXml)
        {
            Same("namespace", Text(model, "xmlNamespace"), service.XmlNamespace);
        }
        Same("operations", Names(model.GetProperty("operations"), "name"), Join(service.Operations.Select(o => o.Name)));
        foreach (var operation in model.GetProperty("operations").EnumerateArray())
        {
            CompareOperation(operation, service.FindOperation(Text(operation, "name"))!);
        }
        Same("errors", Names(model.GetProperty("errors"), "code"), Join(service.Errors.Select(e => e.Code)));
        foreach (var error in model.GetProperty("errors").EnumerateArray())
        {
            var here = service.Errors.First(e => e.Shape.ModelName == Text(error, "shape"));
            Same($"status of {here.Code}", error.GetProperty("status").GetRawText(), $"{here.Status}");
            CompareStructure(here.Shape, except: "message");
        }

        return _differences;
    }

    private bool IsXml => service.Protocol is ProtocolKind.AwsQuery or ProtocolKind.Ec2Query;

    private void CompareOperation(JsonElement there, OperationModel here)
    {
        Same(
            $"{here.Name}'s binding",
            $"{Text(there, "method")} {Text(there, "path")} {there.GetProperty("status")}",
            $"{here.Method} {here.Path} {here.Status}"
        );
        Same($"{here.Name}'s output", $"{there.GetProperty("output").ValueKind != JsonValueKind.Null}", $"{here.HasOutput}");
        if (there.GetProperty("input").ValueKind != JsonValueKind.Null)
        {
            CompareStructure(here.Request);
        }
        if (here.HasOutput)
        {
            CompareStructure(here.Response);
        }
    }

    private void CompareStructure(StructureShape here, string? except = null)
    {
        if (!_compared.Add(here.GetType() + here.ModelName))
        {
            return;
        }
        if (!model.GetProperty("structures").TryGetProperty(here.ModelName, out var there))
        {
            _differences.Add($"{service.Name}: {here.ModelName} is not in the schemas");
            return;
        }

        var members = there
            .GetProperty("members")
            .EnumerateArray()
            .Where(m => except is null || !string.Equals(Text(m, "name"), except, StringComparison.OrdinalIgnoreCase))
            .ToList();
        Same(
            $"members of {here.ModelName}",
            Join(members.Select(m => Capital(Text(m, "name")))),
            Join(here.Members.Select(m => m.DocumentName))
        );
        foreach (var (expected, member) in members.Zip(here.Members))
        {
            CompareMember($"{here.ModelName}.{Text(expected, "name")}", expected, member);
        }
    }

    private void CompareMember(string path, JsonElement expected, Member member)
    {
        var name = Text(expected, "name");
        var traits = expected.GetProperty("traits");
        var renamed = model.GetProperty("renames").TryGetProperty(path, out var rename) ? rename.GetString()! : Capital(name);
        Same($"name of {path}", renamed, member.Name);
        Same($"requirement of {path}", $"{expected.GetProperty("required").GetBoolean()}", $"{member.Required}");
        Same($"token of {path}", $"{Has(traits, "idempotencyToken")}", $"{member.IdempotencyToken}");
        var (location, wire) = Binding(traits, name);
        Same($"place of {path}", $"{location} {wire}", $"{member.Location} {member.WireName}");
        if (service.Protocol == ProtocolKind.Ec2Query)
        {
            Same($"query name of {path}", Trait(traits, "ec2QueryName") ?? Capital(wire), Capital(member.QueryName));
        }
        Same($"type of {path}", Describe(expected.GetProperty("type")), Describe(member.Shape));
    }

    private (HttpLocation Location, string Wire) Binding(JsonElement traits, string name) =>
        true switch
        {
            _ when Has(traits, "httpLabel") => (HttpLocation.Label, name),
            _ when Trait(traits, "httpQuery") is { } query => (HttpLocation.Query, query),
            _ when Trait(traits, "httpHeader") is { } header => (HttpLocation.Header, header),
            _ when Has(traits, "httpResponseCode") => (HttpLocation.StatusCode, name),
            _ when Has(traits, "httpPayload") => (HttpLocation.Payload, name),
            _ => (HttpLocation.Body, Trait(traits, IsXml ? "xmlName" : "jsonName") ?? name),
        };

    // Both sides are written in one small language, so that a difference reads as one. As in the official packages, a list or a map
    // holds the constants as text.
    private string Describe(JsonElement type, bool inside = false) =>
        Text(type, "kind") switch
        {
            "list" => $"list<{Describe(type.GetProperty("item"), inside: true)}>"
                + (IsXml ? $" of {Trait(type, "itemName") ?? "member"}" : ""),
            "map" => $"map<{Describe(type.GetProperty("value"), inside: true)}>",
            "enum" when inside => "string",
            "enum" => $"enum({string.Join('|', Constants(Text(type, "name")))})",
            "structure" => Text(type, "name"),
            var scalar => scalar,
        };

    private IEnumerable<string?> Constants(string name) =>
        model.GetProperty("enums").GetProperty(name).EnumerateArray().Select(value => value.GetString());

    private string Describe(Shape shape)
    {
        switch (shape)
        {
            case ListShape list:
                return $"list<{Describe(list.Item)}>{(IsXml ? $" of {list.ItemName}" : "")}";
            case MapShape map:
                return $"map<{Describe(map.Value)}>";
            case StructureShape structure:
                CompareStructure(structure);
                return structure.ModelName;
            case EnumShape known:
                return $"enum({string.Join('|', known.Values)})";
            default:
                var kind = ((ScalarShape)shape).Kind.ToString();
                return char.ToLowerInvariant(kind[0]) + kind[1..];
        }
    }

    private void Same(string what, string there, string here)
    {
        if (there != here)
        {
            _differences.Add($"{service.Name}, {what}: the schemas say {there}, declared is {here}");
        }
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static bool Has(JsonElement traits, string name) => traits.TryGetProperty(name, out _);

    private static string? Trait(JsonElement traits, string name) => traits.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Names(JsonElement list, string property) => Join(list.EnumerateArray().Select(e => Text(e, property)));

    private static string Join(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));
}
