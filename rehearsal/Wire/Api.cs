using System.Text.Json;
using Amazon.Runtime;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>The simulated services, by signing name, and the judgement over every request to them.</summary>
public sealed class Api(RehearsalWorld world)
{
    private static readonly Dictionary<string, string> NoKeys = [];
    private readonly Dictionary<string, IWireService> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, (ITypedService Service, string Operation)> _requests = [];
    private readonly List<Action<Call, IReadOnlyList<string>>> _faults = [];
    private readonly RequestFaults _requestFaults = new(world);
    private readonly RequestRates _rates = new(world);

    /// <summary>Who judges. Without one only administrators get through.</summary>
    public IAuthorizer? Authorizer { get; set; }

    /// <summary>Knows the sessions that were issued. Without one only administrators are known.</summary>
    public IAuthenticator? Authenticator { get; set; }

    /// <summary>The calls of this run.</summary>
    public Audit Audit { get; } = new();

    /// <summary>What clients take as <c>AWS_ENDPOINT_URL</c>; <see langword="null"/> until the rehearsal listens.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Adds a service.</summary>
    public void Register(IWireService service)
    {
        _services.Add(service.SigningName, service);
        if (service is ITypedService typed)
        {
            foreach (var (request, operation) in typed.RequestTypes)
            {
                _requests.Add(request, (typed, operation));
            }
        }
    }

    /// <summary>Lets an injected fault refuse calls that policies allow: it takes the call and its resources, and throws.</summary>
    public void AddFault(Action<Call, IReadOnlyList<string>> strike) => _faults.Add(strike);

    /// <summary>
    /// Lets a fault strike a request that Step Functions makes for a task: <see cref="RequestFaults.IsAnswerLost"/>.
    /// </summary>
    internal bool IsAnswerLost(string service, string operation) =>
        world.Faults.Requests.Count > 0 && _requestFaults.IsAnswerLost(service, operation);

    /// <summary>
    /// The faults that strike requests and strike none, and why: the rehearsal simulates no such service or operation.
    /// </summary>
    internal IReadOnlyList<(Fault Fault, string Problem)> WithoutTarget(Faults faults) =>
        [
            .. faults
                .Requests.Select(request => (request.Fault, Problem: NotSimulated(request.Service, request.Operation)))
                .Where(request => request.Problem is not null)
                .Select(request => (request.Fault, request.Problem!)),
        ];

    /// <summary>
    /// That no such service or operation is simulated, and which are; <see langword="null"/> when it is. One that AWS does not have is none
    /// of them: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
    /// </summary>
    /// <param name="service">The service's signing name.</param>
    /// <param name="operation">The operation.</param>
    internal string? NotSimulated(string service, string operation) =>
        Find(service) is not { } found ? $"no service '{service}' is simulated; known: {Known(_services.Keys)}"
        : found.Operations.Contains(operation) ? null
        : $"no operation '{operation}' of the service '{service}' is simulated; known: {Known(found.Operations)}";

    private static string Known(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    /// <summary>The service of this signing name, or <see langword="null"/>.</summary>
    public IWireService? Find(string signingName) => _services.GetValueOrDefault(signingName);

    /// <summary>A call by a principal, for requests that services make of each other.</summary>
    public Call CallAs(Principal principal, string region, string service, string operation, string? account = null) =>
        new(world, principal, account ?? principal.Account, region, service, operation, world.Random.Uuid());

    /// <summary>Calls a service for another one, under the same judgement as a request from the wire.</summary>
    /// <param name="principal">Who calls.</param>
    /// <param name="region">The region.</param>
    /// <param name="request">The request, whose type says which operation of which service is meant.</param>
    /// <exception cref="ApiException">The service's error, or the rehearsal does not simulate the operation.</exception>
    /// <exception cref="AmazonServiceException">The service's modelled error.</exception>
    public TResponse Invoke<TResponse>(Principal principal, string region, AmazonWebServiceRequest request)
        where TResponse : AmazonWebServiceResponse =>
        _requests.TryGetValue(request.GetType(), out var target)
            ? (TResponse)target.Service.Invoke(CallAs(principal, region, target.Service.SigningName, target.Operation), request)
            : throw new ApiException(
                "UnknownOperationException",
                $"The rehearsal does not simulate the operation of {request.GetType().Name}.",
                404
            );

    /// <summary>
    /// Calls a service with a document in the form of Step Functions' <c>aws-sdk</c> integrations, for callers whose own input
    /// is a document: states of a machine and properties of a template.
    /// </summary>
    /// <param name="principal">Who calls.</param>
    /// <param name="region">The region.</param>
    /// <param name="service">The service's signing name.</param>
    /// <param name="operation">The operation's name.</param>
    /// <param name="document">The request, members in PascalCase.</param>
    /// <exception cref="ApiException">The service's error, or the rehearsal does not simulate the service.</exception>
    /// <exception cref="AmazonServiceException">The service's modelled error.</exception>
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
        Audit.Record(call);
        var judged = resources.ToList();
        Check(call, judged, action ?? $"{IamPrefix(call.Service)}:{call.Operation}", resourcePolicy, conditionKeys);
        _faults.ForEach(strike => strike(call, judged));
        _rates.Count(call);
        _requestFaults.Strike(call);
    }

    /// <summary>
    /// Judges a permission that a request needs by the roles and policies as they are visible to it, without counting a call.
    /// </summary>
    /// <param name="call">The request, made by its principal.</param>
    /// <param name="resources">ARNs; <c>*</c> where the action knows no resource.</param>
    /// <param name="action">The IAM action.</param>
    /// <param name="resourcePolicy">The policy document of the resource, where it has one.</param>
    /// <param name="conditionKeys">Condition keys of this request.</param>
    /// <param name="owner">The account that resources without one in their ARN belong to; the request's when not given.</param>
    /// <exception cref="ApiException">AccessDenied, in AWS's words.</exception>
    public void Check(
        Call call,
        IEnumerable<string> resources,
        string action,
        string? resourcePolicy = null,
        IReadOnlyDictionary<string, string>? conditionKeys = null,
        string? owner = null
    ) => EventualReads.Judge(call, () => Check(call.Principal, owner ?? call.Account, resources, action, resourcePolicy, conditionKeys));

    /// <summary>Judges a permission that a service needs for what it does by itself, at present and without counting a call.</summary>
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
            var decision = Decide(principal, account, resource, action, resourcePolicy, conditionKeys);
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

    /// <summary>Whether a permission is given that a service is said to need, and whose lack stops nothing; no call is counted.</summary>
    public bool Allows(Principal principal, string account, string resource, string action, string? resourcePolicy) =>
        Decide(principal, account, resource, action, resourcePolicy).Allowed;

    private Decision Decide(
        Principal principal,
        string account,
        string resource,
        string action,
        string? resourcePolicy,
        IReadOnlyDictionary<string, string>? conditionKeys = null
    )
    {
        var owner = ArnAccount(resource) ?? account;
        var decision =
            principal.Kind == PrincipalKind.Root && principal.Account == owner
                ? new Decision(true, "the account's administrator")
                : Authorizer?.Decide(principal, action, resource, owner, resourcePolicy, conditionKeys ?? NoKeys)
                    ?? throw new InvalidOperationException("no authorizer is registered");
        Audit.Record(principal, action, resource, decision.Allowed);
        return decision;
    }

    /// <summary>Who stands behind an access key; a twelve-digit key is that account's administrator.</summary>
    /// <exception cref="ApiException">The key is unknown, its token is another one, or the session has ended.</exception>
    public Principal Identify(string accessKey, string? token) =>
        SigningSecret.IsAdministrator(accessKey)
            ? Principal.Root(accessKey)
            : Authenticator?.Identify(accessKey, token)
                ?? throw new ApiException("InvalidClientTokenId", "The security token included in the request is invalid.", 403);

    /// <inheritdoc cref="IAuthorizer.ArnOf"/>
    public string ArnOf(string action, MadeResource resource) => Authorizer?.ArnOf(action, resource) ?? "*";

    /// <summary>
    /// Judges whether the caller of a request may hand a role to a service, and whether that service may assume it, by the roles and
    /// policies as they are visible to the request.
    /// </summary>
    /// <inheritdoc cref="IAuthorizer.CheckPassRole"/>
    public void CheckPassRole(Call call, string roleArn, string service, ApiException? untrusted = null, string? sourceArn = null) =>
        EventualReads.Judge(call, () => CheckPassRole(call.Principal, roleArn, service, untrusted, sourceArn));

    /// <summary>Judges whether a caller may hand a role to a service, and whether that service may assume it.</summary>
    /// <inheritdoc cref="IAuthorizer.CheckPassRole"/>
    public void CheckPassRole(
        Principal principal,
        string roleArn,
        string service,
        ApiException? untrusted = null,
        string? sourceArn = null
    ) =>
        (Authorizer ?? throw new InvalidOperationException("no authorizer is registered")).CheckPassRole(
            principal,
            roleArn,
            service,
            untrusted,
            sourceArn
        );

    /// <summary>The account part of an ARN, where it has one.</summary>
    public static string? ArnAccount(string arn)
    {
        var parts = arn.Split(':', 6);
        return parts.Length == 6 && parts[4].Length == 12 ? parts[4] : null;
    }

    private ModelService Model(string service) =>
        Find(service) as ModelService
        ?? throw new ApiException("UnknownOperationException", $"The rehearsal does not simulate the service '{service}'.", 404);

    /// <summary>The prefix of a service's IAM actions, where it differs from the signing name.</summary>
    private static string IamPrefix(string signingName) =>
        signingName switch
        {
            "monitoring" => "cloudwatch",
            "tagging" => "tag",
            _ => signingName,
        };
}
