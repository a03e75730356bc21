using System.Text.Json;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.World;

/// <summary>The played services, by signing name, and the judgement over every request to them.</summary>
public sealed class Api(RehearsalWorld world)
{
    private static readonly Dictionary<string, string> NoKeys = [];
    private readonly Dictionary<string, IWireService> _services = new(StringComparer.Ordinal);
    private readonly List<Action<Call, IReadOnlyList<string>>> _faults = [];

    /// <summary>Who judges. Without one only administrators get through.</summary>
    public IAuthorizer? Authorizer { get; set; }

    /// <summary>Adds a service.</summary>
    public void Register(IWireService service) => _services.Add(service.SigningName, service);

    /// <summary>Lets an injected fault refuse calls that policies allow: it is told the call and its resources, and throws.</summary>
    public void AddFault(Action<Call, IReadOnlyList<string>> strike) => _faults.Add(strike);

    /// <summary>The service of this signing name, or <see langword="null"/>.</summary>
    public IWireService? Find(string signingName) => _services.GetValueOrDefault(signingName);

    /// <summary>A call by a principal, for requests that services make of each other.</summary>
    public Call CallAs(Principal principal, string region, string service, string operation, string? account = null) =>
        new(world, principal, account ?? principal.Account, region, service, operation, world.Random.Uuid());

    /// <summary>Calls a service for another one, under the same judgement as a request from the wire.</summary>
    /// <param name="principal">Who calls.</param>
    /// <param name="region">The region.</param>
    /// <param name="service">The service's signing name.</param>
    /// <param name="operation">The operation's name.</param>
    /// <param name="request">The typed request.</param>
    /// <exception cref="ApiException">The service's error, or the rehearsal does not play the service.</exception>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">The service's modelled error.</exception>
    public TResponse Invoke<TRequest, TResponse>(Principal principal, string region, string service, string operation, TRequest request)
        where TRequest : class
        where TResponse : class => (TResponse)Model(service).Invoke(CallAs(principal, region, service, operation), request);

    /// <summary>Calls a service with a document in the form of Step Functions' <c>aws-sdk</c> integrations.</summary>
    /// <inheritdoc cref="Invoke{TRequest, TResponse}"/>
    public JsonElement InvokeDocument(Principal principal, string region, string service, string operation, JsonElement document) =>
        Model(service).InvokeDocument(CallAs(principal, region, service, operation), document);

    /// <summary>Records the call and judges the action on each resource.</summary>
    /// <param name="call">The call, its operation known.</param>
    /// <param name="resources">ARNs; <c>*</c> where the action knows no resource.</param>
    /// <param name="action">The IAM action; the service's prefix and the operation when not given.</param>
    /// <param name="resourcePolicy">The policy document of the resource, where it has one.</param>
    /// <param name="conditionKeys">Condition keys of this request.</param>
    /// <exception cref="ApiException">AccessDenied, in AWS's words.</exception>
    public void Authorize(
        Call call,
        IEnumerable<string> resources,
        string? action = null,
        string? resourcePolicy = null,
        IReadOnlyDictionary<string, string>? conditionKeys = null
    )
    {
        world.Audit.Record(call);
        var judged = resources.ToList();
        Check(call.Principal, call.Account, judged, action ?? $"{IamPrefix(call.Service)}:{call.Operation}", resourcePolicy, conditionKeys);
        _faults.ForEach(strike => strike(call, judged));
    }

    /// <summary>Judges a further permission that a request needs (such as <c>iam:PassRole</c>), without counting a call.</summary>
    /// <exception cref="ApiException">AccessDenied, in AWS's words.</exception>
    public void Check(
        Principal principal,
        string account,
        IEnumerable<string> resources,
        string action,
        string? resourcePolicy = null,
        IReadOnlyDictionary<string, string>? conditionKeys = null
    )
    {
        foreach (var resource in resources)
        {
            var owner = ArnAccount(resource) ?? account;
            var decision =
                principal.Kind == PrincipalKind.Root && principal.Account == owner
                    ? new Decision(true, "the account's administrator")
                    : Authorizer?.Decide(principal, action, resource, owner, resourcePolicy, conditionKeys ?? NoKeys)
                        ?? throw new InvalidOperationException("no authorizer is registered");
            world.Audit.Record(principal, action, resource, decision.Allowed);
            if (!decision.Allowed)
            {
                throw new ApiException(
                    "AccessDeniedException",
                    $"User: {principal.Arn} is not authorized to perform: {action} on resource: {resource} {decision.Reason}".TrimEnd(),
                    403
                );
            }
        }
    }

    /// <summary>The account part of an ARN, where it has one.</summary>
    public static string? ArnAccount(string arn)
    {
        var parts = arn.Split(':', 6);
        return parts.Length == 6 && parts[4].Length == 12 ? parts[4] : null;
    }

    private ModelService Model(string service) =>
        Find(service) as ModelService
        ?? throw new ApiException("UnknownOperationException", $"The rehearsal does not play the service '{service}'.", 404);

    /// <summary>The prefix of a service's IAM actions, where it differs from the signing name.</summary>
    private static string IamPrefix(string signingName) =>
        signingName switch
        {
            "monitoring" => "cloudwatch",
            "tagging" => "tag",
            _ => signingName,
        };
}
