using System.Collections;
using Deployer.Protocols;

namespace Deployer.Rehearsal.Wire;

/// <summary>Looks for members that a service's model demands: the client does not, the service does, before anything else.</summary>
internal static class RequiredMembers
{
    /// <exception cref="ApiException">A member is missing, as the family of protocols says it.</exception>
    internal static void Check(ProtocolKind protocol, StructureShape shape, object request)
    {
        if (Missing((Shape)shape, request) is not { } path)
        {
            return;
        }

        throw protocol == ProtocolKind.Ec2Query
            ? new ApiException("MissingParameter", $"The request must contain the parameter {path}")
            : new ApiException(
                protocol == ProtocolKind.AwsQuery ? "ValidationError" : "ValidationException",
                $"1 validation error detected: Value null at '{path}' failed to satisfy constraint: Member must not be null"
            );
    }

    /// <summary>The path of the first missing member, in the model's names; list items count from 1.</summary>
    private static string? Missing(Shape shape, object value) =>
        shape switch
        {
            StructureShape structure => structure
                .Members.Select(member =>
                    member.Get(value) is { } set ? Below(member.WireName, Missing(member.Shape, set))
                    : member.Required ? member.WireName
                    : null
                )
                .FirstOrDefault(path => path is not null),
            ListShape list => ((IList)value)
                .Cast<object>()
                .Select((item, index) => Below($"{index + 1}", Missing(list.Item, item)))
                .FirstOrDefault(path => path is not null),
            MapShape map => ((IDictionary)value)
                .Keys.Cast<string>()
                .Select(key => Below(key, Missing(map.Value, ((IDictionary)value)[key]!)))
                .FirstOrDefault(path => path is not null),
            _ => null,
        };

    private static string? Below(string name, string? path) => path is null ? null : $"{name}.{path}";
}
