using System.Text.Json;
using Amazon.Runtime;
using Deployer.Protocols;

namespace Deployer.Rehearsal.Wire;

/// <summary>A simulated service whose protocol and shapes are the SDK's own: requests come typed, answers go typed.</summary>
public abstract class ModelService : ITypedService
{
    private readonly ServiceModel _model;
    private readonly Dictionary<string, Operation> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, string> _requestTypes = [];

    private protected ModelService(ServiceModel model) => _model = model;

    /// <inheritdoc/>
    public string SigningName => _model.SigningName;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Operations => _operations.Keys;

    /// <inheritdoc/>
    public IReadOnlyDictionary<Type, string> RequestTypes => _requestTypes;

    /// <inheritdoc/>
    public WireResponse Handle(Call call, WireRequest request)
    {
        OperationModel operation;
        object input;
        try
        {
            (operation, input) = _model.ReadRequest(request.Method, request.Path, request.Query, request.Headers, request.Body);
        }
        catch (ProtocolException fault)
        {
            // The model has what the rehearsal simulates: that AWS has more is for the rehearsal to say.
            var message = fault.Code is "InvalidAction" or "UnknownOperationException"
                ? $"The rehearsal does not simulate {call.Service}: {Gateway.Operation(request)}."
                : fault.Message;
            return Response(_model.WriteError(fault.Code, message, fault.Status, call.RequestId));
        }

        var answer = Answer(call with { Operation = operation.Name }, operation, input);
        return answer.IsCompleted ? answer.GetAwaiter().GetResult() : WireResponse.Deferred(answer);
    }

    /// <inheritdoc/>
    public object Invoke(Call call, AmazonWebServiceRequest request) => RunAtOnce(call, request);

    private object RunAtOnce(Call call, object request)
    {
        var answer = Run(call, request);
        return answer.IsCompleted
            ? answer.GetAwaiter().GetResult()
            : throw new NotSupportedException($"{call.Service}:{call.Operation} answers later; services do not call it of each other");
    }

    /// <summary>
    /// Runs an operation with a document whose members have the names of the API reference in PascalCase, as Step
    /// Functions' <c>aws-sdk</c> integrations give and take them.
    /// </summary>
    /// <exception cref="ApiException">The service's error, or there is no such operation.</exception>
    internal JsonElement InvokeDocument(Call call, JsonElement document)
    {
        var operation = _model.FindOperation(call.Operation) ?? throw Unknown(call);
        object request;
        try
        {
            request = ServiceModel.RequestFromDocument(operation, document);
        }
        catch (FormatException fault)
        {
            throw new ApiException("ValidationException", fault.Message);
        }

        var response = ServiceModel.DocumentFromResponse(operation, RunAtOnce(call, request));
        using var parsed = JsonDocument.Parse(response);
        return parsed.RootElement.Clone();
    }

    /// <summary>
    /// The members of an operation's request, as Step Functions' <c>aws-sdk</c> integrations name them; <see langword="null"/> when there
    /// is no such operation.
    /// </summary>
    internal IReadOnlyCollection<string>? MembersOf(string operation) =>
        _model.FindOperation(operation)?.Request.Members.Select(member => member.DocumentName).ToList();

    /// <summary>The code of a modelled error: its own, or the one that its type stands for.</summary>
    internal string ErrorCode(AmazonServiceException exception) =>
        string.IsNullOrEmpty(exception.ErrorCode)
            ? _model.Errors.FirstOrDefault(error => error.Type == exception.GetType())?.Code ?? exception.GetType().Name
            : exception.ErrorCode;

    /// <summary>Simulates an operation.</summary>
    /// <param name="operation">Its name in the API reference.</param>
    /// <param name="handle">Answers; throws <see cref="ApiException"/> or a modelled exception before it has changed anything.</param>
    /// <param name="resources">ARNs on which the action has to be allowed; <c>*</c> where it knows none.</param>
    /// <param name="action">The IAM action, where it is not the service's prefix and the operation.</param>
    protected void On<TRequest, TResponse>(
        string operation,
        Func<Call, TRequest, TResponse> handle,
        Func<Call, TRequest, IEnumerable<string>> resources,
        string? action = null
    )
        where TRequest : class
        where TResponse : class => Add(operation, typeof(TRequest), new ImmediateOperation<TRequest, TResponse>(handle, resources, action));

    /// <summary>Simulates an operation whose answer may only be given after more of the world has run.</summary>
    /// <inheritdoc cref="On{TRequest, TResponse}"/>
    protected void OnLater<TRequest, TResponse>(
        string operation,
        Func<Call, TRequest, Task<TResponse>> handle,
        Func<Call, TRequest, IEnumerable<string>> resources,
        string? action = null
    )
        where TRequest : class
        where TResponse : class => Add(operation, typeof(TRequest), new DeferredOperation<TRequest, TResponse>(handle, resources, action));

    /// <summary>The policy document of the resource that a request is about; <see langword="null"/> where it has none.</summary>
    private protected virtual string? PolicyOf(Call call, object request) => null;

    /// <summary>Refuses an answer that the service does not give.</summary>
    /// <param name="body">What would be sent.</param>
    /// <exception cref="ApiException">The error that is sent in its place.</exception>
    private protected virtual void CheckAnswer(ReadOnlySpan<byte> body) { }

    private void Add(string name, Type request, Operation operation)
    {
        if (_model.FindOperation(name) is null)
        {
            throw new ArgumentException($"the model of {_model.Name} has no operation '{name}'", nameof(name));
        }

        _requestTypes.Add(request, name);
        _operations.Add(name, operation);
    }

    private async Task<object> Run(Call call, object request)
    {
        var operation = _operations.GetValueOrDefault(call.Operation) ?? throw Unknown(call);
        RequiredMembers.Check(_model.Protocol, _model.FindOperation(call.Operation)!.Request, request);
        call.World.Api.Authorize(call, operation.Resources(call, request), operation.Action, PolicyOf(call, request));
        return await operation.Answer(call, request);
    }

    private async Task<WireResponse> Answer(Call call, OperationModel operation, object input)
    {
        try
        {
            var answer = _model.WriteResponse(operation, await Run(call, input), call.RequestId);
            CheckAnswer(answer.Body);
            return Response(answer);
        }
        catch (ApiException error)
        {
            return Response(_model.WriteError(Code(error), error.Message, error.Status, call.RequestId));
        }
        catch (AmazonServiceException error)
        {
            return Response(_model.WriteError(error, call.RequestId));
        }
    }

    /// <summary>A refusal has another code in each family of protocols.</summary>
    private string Code(ApiException error) =>
        (error.Code, _model.Protocol) switch
        {
            ("AccessDeniedException", ProtocolKind.AwsQuery) => "AccessDenied",
            ("AccessDeniedException", ProtocolKind.Ec2Query) => "UnauthorizedOperation",
            _ => error.Code,
        };

    private ApiException Unknown(Call call) =>
        new(
            _model.Protocol is ProtocolKind.AwsQuery or ProtocolKind.Ec2Query ? "InvalidAction" : "UnknownOperationException",
            $"The rehearsal does not simulate {call.Service}:{call.Operation}."
        );

    private static WireResponse Response(HttpAnswer answer) => new(answer.Status, answer.Headers, answer.Body);

    /// <summary>
    /// A simulated operation. Only what a service declares is generic here: there are hundreds, and whatever else were generic would be
    /// loaded for each of them.
    /// </summary>
    private abstract class Operation(string? action)
    {
        public string? Action => action;

        public abstract IEnumerable<string> Resources(Call call, object request);

        public abstract Task<object> Answer(Call call, object request);
    }

    private sealed class ImmediateOperation<TRequest, TResponse>(
        Func<Call, TRequest, TResponse> handle,
        Func<Call, TRequest, IEnumerable<string>> resources,
        string? action
    ) : Operation(action)
        where TResponse : class
    {
        public override IEnumerable<string> Resources(Call call, object request) => resources(call, (TRequest)request);

        public override Task<object> Answer(Call call, object request) =>
            Task.FromResult(EventualReads.Answer<object>(call, () => handle(call, (TRequest)request)));
    }

    private sealed class DeferredOperation<TRequest, TResponse>(
        Func<Call, TRequest, Task<TResponse>> handle,
        Func<Call, TRequest, IEnumerable<string>> resources,
        string? action
    ) : Operation(action)
        where TResponse : class
    {
        public override IEnumerable<string> Resources(Call call, object request) => resources(call, (TRequest)request);

        public override async Task<object> Answer(Call call, object request) => await handle(call, (TRequest)request);
    }
}
