using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>Security groups and their rules: protocols, ports, and where traffic comes from or goes to.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html,
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-securitygroup-ingress.html (one of the
/// sources), https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (names and descriptions)
/// </remarks>
internal sealed class SecurityGroupRule : IPropertyRule
{
    private const string Invalid = "InvalidParameterValue";
    private const string Group = "AWS::EC2::SecurityGroup";
    private const int Longest = 255;
    private const int LastPort = 65_535;
    private static readonly string[] Named = ["tcp", "udp", "icmp", "icmpv6", "-1"];
    private static readonly string[] Sources =
    [
        "CidrIp",
        "CidrIpv6",
        "SourcePrefixListId",
        "SourceSecurityGroupId",
        "SourceSecurityGroupName",
    ];
    private static readonly string[] Destinations = ["CidrIp", "CidrIpv6", "DestinationPrefixListId", "DestinationSecurityGroupId"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = [Group, $"{Group}Ingress", $"{Group}Egress"];

    /// <inheritdoc/>
    public IEnumerable<RefusedValue> Find(string type, JsonObject properties) =>
        type == Group
            ? Texts(properties)
                .Concat(Listed(properties, "SecurityGroupIngress", Sources))
                .Concat(Listed(properties, "SecurityGroupEgress", Destinations))
            : Rule([], properties, type == $"{Group}Ingress" ? Sources : Destinations);

    private static IEnumerable<RefusedValue> Listed(JsonObject properties, string name, string[] places) =>
        properties.KnownMaps(name).SelectMany(rule => Rule([name, $"{rule.Index}"], rule.Map, places));

    private static IEnumerable<RefusedValue> Texts(JsonObject properties)
    {
        foreach (var name in new[] { "GroupDescription", "GroupName" })
        {
            if (
                properties.Known(name) is { } text
                && (text.Length > Longest || !text.All(IsAllowed) || (name == "GroupDescription" && text.Length == 0))
            )
            {
                yield return Refused(
                    [name],
                    $"is \"{text}\"",
                    $"at most {Longest} of a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{{}}!$*",
                    $"Value ({text}) for parameter {name} is invalid. Character sets beyond ASCII are not supported."
                );
            }
        }

        if (properties.Known("GroupName") is { } group && group.StartsWith("sg-", StringComparison.OrdinalIgnoreCase))
        {
            yield return Refused(
                ["GroupName"],
                $"is \"{group}\"",
                "a name that does not begin with sg-",
                $"Value ({group}) for parameter GroupName is invalid. Group names may not be in the format sg-*."
            );
        }
    }

    private static IEnumerable<RefusedValue> Rule(string[] path, JsonObject rule, string[] places)
    {
        var protocol = rule.Known("IpProtocol");
        if (protocol is not null && !IsProtocol(protocol))
        {
            yield return Refused(
                [.. path, "IpProtocol"],
                $"is \"{protocol}\"",
                "tcp, udp, icmp, icmpv6, -1 for all, or a number of IANA's",
                $"Invalid value '{protocol}' for IP protocol. Unknown protocol."
            );
        }

        foreach (var refused in Ports(path, rule, protocol?.ToLowerInvariant()))
        {
            yield return refused;
        }

        foreach (var (name, isVersion6) in new[] { ("CidrIp", false), ("CidrIpv6", true) })
        {
            if (rule.Known(name) is { } block && IpBlock.Read(block)?.IsVersion6 != isVersion6)
            {
                yield return Refused(
                    [.. path, name],
                    $"is \"{block}\"",
                    $"a block of addresses, such as {(isVersion6 ? "::/0" : "10.0.0.0/16")}",
                    $"CIDR block {block} is malformed"
                );
            }
        }

        var given = places.Where(rule.IsGiven).ToList();
        if (given.Count > 1 || !places.Any(rule.Has))
        {
            yield return Refused(
                given.Count == 0 ? path : [.. path, given[1]],
                given.Count == 0 ? $"lacks one of {string.Join(", ", places)}" : $"is given beside {given[0]}",
                $"exactly one of {string.Join(", ", places)}",
                $"Exactly one of {string.Join(", ", places[..^1])}, and {places[^1]} must be specified and not empty"
            );
        }
    }

    private static IEnumerable<RefusedValue> Ports(string[] path, JsonObject rule, string? protocol)
    {
        var isPort = protocol is "tcp" or "udp" or "6" or "17";
        var (from, to) = (rule.KnownNumber("FromPort"), rule.KnownNumber("ToPort"));
        if (!isPort)
        {
            yield break;
        }

        if (!rule.Has("FromPort") || !rule.Has("ToPort"))
        {
            yield return Refused(
                path,
                $"lacks {(rule.Has("FromPort") ? "ToPort" : "FromPort")}",
                "FromPort and ToPort, which tcp and udp need",
                "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
            );
        }
        else if (
            from is < -1 or > LastPort
            || to is < -1 or > LastPort
            || (from > to && from is not null)
            || (from == -1) != (to == -1) && from is not null && to is not null
        )
        {
            yield return Refused(
                [.. path, from is < -1 or > LastPort || to is not (< -1 or > LastPort) ? "FromPort" : "ToPort"],
                $"to ToPort is {from} to {to}",
                $"ports from 0 to {LastPort}, the lower one first",
                $"Invalid TCP/UDP port range ({from}:{to})"
            );
        }
    }

    private static bool IsProtocol(string protocol) =>
        Named.Contains(protocol, StringComparer.OrdinalIgnoreCase)
        || (protocol.All(char.IsAsciiDigit) && int.TryParse(protocol, out var number) && number <= 255);

    private static bool IsAllowed(char character) =>
        char.IsAsciiLetterOrDigit(character) || " ._-:/()#,@[]+=&;{}!$*".Contains(character, StringComparison.Ordinal);

    private static RefusedValue Refused(string[] path, string problem, string expected, string message) =>
        new(path, problem, expected, Invalid, message);
}
