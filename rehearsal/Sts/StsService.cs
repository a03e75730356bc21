using System.Text;
using System.Xml.Linq;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Deployer.Rehearsal.Sts;

/// <summary>STS over its Query protocol: AssumeRole and GetCallerIdentity.</summary>
public sealed class StsService(RehearsalWorld world) : IWireService
{
    private static readonly XNamespace Xml = "https://sts.amazonaws.com/doc/2011-06-15/";

    private static readonly HashSet<string> AssumeRoleParameters = new(StringComparer.Ordinal)
    {
        "Action",
        "Version",
        "RoleArn",
        "RoleSessionName",
        "DurationSeconds",
        "ExternalId",
        "Policy",
    };

    private readonly RoleSessions _roleSessions = new(world);
    private readonly Roles _roles = new(world);

    /// <inheritdoc/>
    public string SigningName => "sts";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Operations { get; } = ["AssumeRole", "GetCallerIdentity"];

    /// <inheritdoc/>
    public WireResponse Handle(Call call, WireRequest request)
    {
        try
        {
            var parameters = QueryHelpers.ParseQuery(request.Method == "GET" ? request.Query : Encoding.UTF8.GetString(request.Body.Span));
            var operation = Text(parameters, "Action") ?? "";
            var named = call with { Operation = operation };
            var result = operation switch
            {
                "AssumeRole" => EventualReads.Judge(named, () => AssumeRole(named, parameters)),
                "GetCallerIdentity" => GetCallerIdentity(named),
                _ => throw new ApiException("InvalidAction", $"The rehearsal does not simulate sts: {Gateway.Operation(request)}."),
            };
            return Answer(
                200,
                new XElement(
                    Xml + $"{operation}Response",
                    result,
                    new XElement(Xml + "ResponseMetadata", new XElement(Xml + "RequestId", call.RequestId))
                )
            );
        }
        catch (ApiException error)
        {
            return Answer(
                error.Status,
                new XElement(
                    Xml + "ErrorResponse",
                    new XElement(
                        Xml + "Error",
                        new XElement(Xml + "Type", error.Status < 500 ? "Sender" : "Receiver"),
                        new XElement(Xml + "Code", error.Code == "AccessDeniedException" ? "AccessDenied" : error.Code),
                        new XElement(Xml + "Message", error.Message)
                    ),
                    new XElement(Xml + "RequestId", call.RequestId)
                )
            );
        }
    }

    private static WireResponse Answer(int status, XElement body) =>
        new(
            status,
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "text/xml" },
            XmlBody.Write(body, declaration: false)
        );

    private static string? Text(Dictionary<string, StringValues> parameters, string name) =>
        parameters.TryGetValue(name, out var values) ? values.ToString() : null;

    private static string Required(Dictionary<string, StringValues> parameters, string name) =>
        Text(parameters, name)
        ?? throw new ApiException(
            "ValidationError",
            $"1 validation error detected: Value null at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy constraint: "
                + "Member must not be null"
        );

    private XElement AssumeRole(Call call, Dictionary<string, StringValues> parameters)
    {
        if (parameters.Keys.FirstOrDefault(name => !AssumeRoleParameters.Contains(name)) is { } unknown)
        {
            throw new ApiException("ValidationError", $"The rehearsal does not simulate the parameter {unknown} of AssumeRole.");
        }

        var roleArn = Required(parameters, "RoleArn");
        var sessionName = Required(parameters, "RoleSessionName");
        TimeSpan? duration = Text(parameters, "DurationSeconds") is { } text
            ? int.TryParse(text, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : throw new ApiException("MalformedInput", "DurationSeconds is not a number.")
            : null;
        world.Api.Authorize(call, []);
        var credentials = _roleSessions.Assume(
            call.Principal,
            roleArn,
            sessionName,
            duration,
            Text(parameters, "ExternalId"),
            Text(parameters, "Policy"),
            call.ActorKey
        );
        var role = _roles.Find(roleArn)!;
        return new XElement(
            Xml + "AssumeRoleResult",
            new XElement(
                Xml + "AssumedRoleUser",
                new XElement(Xml + "AssumedRoleId", $"{role.Id}:{sessionName}"),
                new XElement(Xml + "Arn", Principal.AssumedRole(role.Account, role.Name, sessionName).Arn)
            ),
            new XElement(
                Xml + "Credentials",
                new XElement(Xml + "AccessKeyId", credentials.AccessKeyId),
                new XElement(Xml + "SecretAccessKey", credentials.SecretAccessKey),
                new XElement(Xml + "SessionToken", credentials.SessionToken),
                new XElement(Xml + "Expiration", credentials.Expiration.ToString("yyyy-MM-ddTHH:mm:ssZ"))
            )
        );
    }

    // Needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
    private XElement GetCallerIdentity(Call call)
    {
        world.Api.Authorize(call, []);
        var principal = call.Principal;
        var role = principal.Kind == PrincipalKind.AssumedRole ? _roles.Find(principal.Account, principal.Role!) : null;
        return new XElement(
            Xml + "GetCallerIdentityResult",
            new XElement(Xml + "Arn", principal.Arn),
            new XElement(Xml + "UserId", role is null ? principal.Account : $"{role.Id}:{principal.Session}"),
            new XElement(Xml + "Account", principal.Account)
        );
    }
}
