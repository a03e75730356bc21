using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Wire;
using FunctionCode = Deployer.Rehearsal.Lambda.Functions.FunctionCode;

namespace Deployer.Rehearsal.Lambda;

/// <content>Functions, their configuration, tags and reservations.</content>
public sealed partial class LambdaService
{
    private const int UnreservedConcurrency = 100;
    private const int PageSize = 50;

    private void AddFunctionOperations()
    {
        On<CreateFunctionRequest, CreateFunctionResponse>("CreateFunction", Create, (call, request) => Arn(call, request.FunctionName));
        On<GetFunctionRequest, GetFunctionResponse>(
            "GetFunction",
            Get,
            (call, request) => Arn(call, request.FunctionName, request.Qualifier)
        );
        On<GetFunctionConfigurationRequest, GetFunctionConfigurationResponse>(
            "GetFunctionConfiguration",
            (call, request) =>
                Configuration(Reference(call, request.FunctionName, request.Qualifier)).As<GetFunctionConfigurationResponse>(),
            (call, request) => Arn(call, request.FunctionName, request.Qualifier)
        );
        On<UpdateFunctionConfigurationRequest, UpdateFunctionConfigurationResponse>(
            "UpdateFunctionConfiguration",
            UpdateConfiguration,
            (call, request) => Arn(call, request.FunctionName)
        );
        On<UpdateFunctionCodeRequest, UpdateFunctionCodeResponse>(
            "UpdateFunctionCode",
            UpdateCode,
            (call, request) => Arn(call, request.FunctionName)
        );
        On<DeleteFunctionRequest, DeleteFunctionResponse>(
            "DeleteFunction",
            Delete,
            (call, request) => Arn(call, request.FunctionName, request.Qualifier)
        );
        On<ListFunctionsRequest, ListFunctionsResponse>("ListFunctions", List, (_, _) => ["*"]);
        On<PutFunctionConcurrencyRequest, PutFunctionConcurrencyResponse>(
            "PutFunctionConcurrency",
            Reserve,
            (call, request) => Arn(call, request.FunctionName)
        );
        On<DeleteFunctionConcurrencyRequest, DeleteFunctionConcurrencyResponse>(
            "DeleteFunctionConcurrency",
            (call, request) =>
            {
                _functions.Amend(Reference(call, request.FunctionName), function => function with { ReservedConcurrency = null });
                return new DeleteFunctionConcurrencyResponse();
            },
            (call, request) => Arn(call, request.FunctionName)
        );
        On<GetFunctionConcurrencyRequest, GetFunctionConcurrencyResponse>(
            "GetFunctionConcurrency",
            (call, request) =>
                new GetFunctionConcurrencyResponse
                {
                    ReservedConcurrentExecutions = _functions.Get(Reference(call, request.FunctionName)).ReservedConcurrency,
                },
            (call, request) => Arn(call, request.FunctionName)
        );
        On<GetAccountSettingsRequest, GetAccountSettingsResponse>(
            "GetAccountSettings",
            (call, _) => AccountSettings(call),
            (_, _) => ["*"]
        );
        On<ListTagsRequest, ListTagsResponse>(
            "ListTags",
            (call, request) =>
                new ListTagsResponse
                {
                    Tags = new Dictionary<string, string>(_functions.Get(Reference(call, request.Resource)).Tags, StringComparer.Ordinal),
                },
            (call, request) => Arn(call, request.Resource)
        );
        On<TagResourceRequest, TagResourceResponse>("TagResource", Tag, (call, request) => Arn(call, request.Resource));
        On<UntagResourceRequest, UntagResourceResponse>("UntagResource", Untag, (call, request) => Arn(call, request.Resource));
    }

    private CreateFunctionResponse Create(Call call, CreateFunctionRequest request)
    {
        Refuse("dead-letter queues", request.DeadLetterConfig?.TargetArn is not null);
        Refuse("file systems", request.FileSystemConfigs is { Count: > 0 });
        Refuse("image overrides", request.ImageConfig is not null);
        Refuse("code signing", request.CodeSigningConfigArn is not null);
        Refuse("SnapStart", request.SnapStart?.ApplyOn is { } snapStart && snapStart != SnapStartApplyOn.None);
        Refuse("tenancy", request.TenancyConfig is not null);
        Refuse("capacity providers", request.CapacityProviderConfig is not null);
        Refuse("durable functions", request.DurableConfig is not null);
        Refuse("publishing at creation", request.Publish == true || request.PublishTo is not null);
        var reference = Reference(call, request.FunctionName);
        _world.Api.CheckPassRole(call, request.Role, "lambda.amazonaws.com");
        var code = request.Code ?? new Amazon.Lambda.Model.FunctionCode();
        var settings = new FunctionSettings
        {
            Role = request.Role,
            Runtime = request.Runtime?.Value,
            Handler = request.Handler,
            Description = request.Description ?? string.Empty,
            Timeout = request.Timeout ?? 3,
            MemorySize = request.MemorySize ?? 128,
            Environment = Variables(request.Environment),
            Network = Network(request.VpcConfig),
            Architectures = Given(request.Architectures) ?? ["x86_64"],
            Layers = request.Layers ?? [],
            PackageType = request.PackageType?.Value ?? "Zip",
            TracingMode = request.TracingConfig?.Mode?.Value ?? "PassThrough",
            EphemeralStorage = request.EphemeralStorage?.Size ?? 512,
            KmsKeyArn = request.KMSKeyArn,
            LogGroup = request.LoggingConfig?.LogGroup,
            LogFormat = request.LoggingConfig?.LogFormat?.Value ?? "Text",
            Code = FunctionCode.FromUpload(code.ZipFile, code.S3Bucket, code.S3Key, code.S3ObjectVersion, code.ImageUri),
        };
        var function = _functions.Create(reference, settings, request.Tags ?? []);
        return FunctionDocument.Describe(function).As<CreateFunctionResponse>();
    }

    private GetFunctionResponse Get(Call call, GetFunctionRequest request)
    {
        var reference = Reference(call, request.FunctionName, request.Qualifier);
        var function = _functions.Get(reference);
        var code = function.Settings.Code;
        return new GetFunctionResponse
        {
            Configuration = Configuration(reference),
            Code = code.Image is null
                ? new FunctionCodeLocation
                {
                    RepositoryType = "S3",
                    Location = $"https://awslambda-{function.Region}-tasks.s3.{function.Region}.amazonaws.com/{function.Name}",
                }
                : new FunctionCodeLocation { RepositoryType = "ECR", ImageUri = code.Image },
            Tags = function.Tags.Count == 0 ? null : new Dictionary<string, string>(function.Tags, StringComparer.Ordinal),
            Concurrency = function.ReservedConcurrency is { } reserved ? new Concurrency { ReservedConcurrentExecutions = reserved } : null,
        };
    }

    private UpdateFunctionConfigurationResponse UpdateConfiguration(Call call, UpdateFunctionConfigurationRequest request)
    {
        Refuse("dead-letter queues", request.DeadLetterConfig?.TargetArn is not null);
        Refuse("file systems", request.FileSystemConfigs is { Count: > 0 });
        Refuse("image overrides", request.ImageConfig is not null);
        Refuse("SnapStart", request.SnapStart?.ApplyOn is { } snapStart && snapStart != SnapStartApplyOn.None);
        Refuse("capacity providers", request.CapacityProviderConfig is not null);
        Refuse("durable functions", request.DurableConfig is not null);
        var reference = Reference(call, request.FunctionName);
        if (request.Role is not null && request.Role != _functions.Get(reference).Settings.Role)
        {
            _world.Api.CheckPassRole(call, request.Role, "lambda.amazonaws.com");
        }

        var function = _functions.Update(
            reference,
            request.RevisionId,
            old =>
                old with
                {
                    Role = request.Role ?? old.Role,
                    Runtime = request.Runtime?.Value ?? old.Runtime,
                    Handler = request.Handler ?? old.Handler,
                    Description = request.Description ?? old.Description,
                    Timeout = request.Timeout ?? old.Timeout,
                    MemorySize = request.MemorySize ?? old.MemorySize,
                    Environment = request.Environment is null ? old.Environment : Variables(request.Environment),
                    Network = request.VpcConfig is null ? old.Network : Network(request.VpcConfig),
                    Layers = request.Layers ?? old.Layers,
                    TracingMode = request.TracingConfig?.Mode?.Value ?? old.TracingMode,
                    EphemeralStorage = request.EphemeralStorage?.Size ?? old.EphemeralStorage,
                    KmsKeyArn = request.KMSKeyArn ?? old.KmsKeyArn,
                    LogGroup = request.LoggingConfig?.LogGroup ?? old.LogGroup,
                    LogFormat = request.LoggingConfig?.LogFormat?.Value ?? old.LogFormat,
                }
        );
        return FunctionDocument.Describe(function).As<UpdateFunctionConfigurationResponse>();
    }

    private UpdateFunctionCodeResponse UpdateCode(Call call, UpdateFunctionCodeRequest request)
    {
        Refuse("publishing with new code", request.Publish == true || request.PublishTo is not null);
        Refuse("dry runs of new code", request.DryRun == true);
        var code = FunctionCode.FromUpload(request.ZipFile, request.S3Bucket, request.S3Key, request.S3ObjectVersion, request.ImageUri);
        var function = _functions.Update(
            Reference(call, request.FunctionName),
            request.RevisionId,
            old => old with { Code = code, Architectures = Given(request.Architectures) ?? old.Architectures }
        );
        return FunctionDocument.Describe(function).As<UpdateFunctionCodeResponse>();
    }

    private DeleteFunctionResponse Delete(Call call, DeleteFunctionRequest request)
    {
        var reference = Reference(call, request.FunctionName, request.Qualifier);
        Refuse("deletion of single versions", reference.Qualifier is not null);
        _versions.Delete(_functions.Get(reference));
        _functions.Delete(reference);
        return new DeleteFunctionResponse();
    }

    private ListFunctionsResponse List(Call call, ListFunctionsRequest request)
    {
        var size = Math.Clamp(request.MaxItems ?? PageSize, 1, PageSize);
        var rest = _functions
            .List(call.Account, call.Region)
            .SelectMany(function =>
                request.FunctionVersion is null
                    ? [FunctionDocument.Describe(function)]
                    : Versions(function).Prepend(FunctionDocument.Describe(function))
            )
            .OrderBy(function => function.FunctionArn, StringComparer.Ordinal)
            .SkipWhile(function => request.Marker is not null && string.CompareOrdinal(function.FunctionArn, request.Marker) <= 0)
            .ToList();
        return new ListFunctionsResponse
        {
            Functions = [.. rest.Take(size)],
            NextMarker = rest.Count > size ? rest[size - 1].FunctionArn : null,
        };
    }

    private IEnumerable<FunctionConfiguration> Versions(Function function) =>
        _versions
            .Published(function)
            .Select(version =>
                FunctionDocument.Describe(function with { Settings = version.Settings, RevisionId = version.RevisionId }, version.Version)
            );

    private PutFunctionConcurrencyResponse Reserve(Call call, PutFunctionConcurrencyRequest request)
    {
        var reference = Reference(call, request.FunctionName);
        var reserved =
            request.ReservedConcurrentExecutions
            ?? throw new ApiException("ValidationException", "ReservedConcurrentExecutions is required.");
        var others = _functions
            .List(reference.Account, reference.Region)
            .Where(function => function.Name != reference.Name)
            .Sum(function => function.ReservedConcurrency ?? 0);
        if (others + reserved > LambdaInvoker.AccountConcurrency - UnreservedConcurrency)
        {
            throw new ApiException(
                "InvalidParameterValueException",
                "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its "
                    + $"minimum value of [{UnreservedConcurrency}]."
            );
        }

        _functions.Amend(reference, function => function with { ReservedConcurrency = reserved });
        return new PutFunctionConcurrencyResponse { ReservedConcurrentExecutions = reserved };
    }

    private GetAccountSettingsResponse AccountSettings(Call call)
    {
        var functions = _functions.List(call.Account, call.Region).ToList();
        return new GetAccountSettingsResponse
        {
            AccountLimit = new AccountLimit
            {
                TotalCodeSize = 80_530_636_800,
                CodeSizeUnzipped = 262_144_000,
                CodeSizeZipped = 52_428_800,
                ConcurrentExecutions = LambdaInvoker.AccountConcurrency,
                UnreservedConcurrentExecutions =
                    LambdaInvoker.AccountConcurrency - functions.Sum(function => function.ReservedConcurrency ?? 0),
            },
            AccountUsage = new AccountUsage
            {
                FunctionCount = functions.Count,
                TotalCodeSize = functions.Sum(function => function.Settings.Code.Size),
            },
        };
    }

    private TagResourceResponse Tag(Call call, TagResourceRequest request)
    {
        _functions.Amend(
            Reference(call, request.Resource),
            function =>
            {
                var tags = new SortedDictionary<string, string>(function.Tags, StringComparer.Ordinal);
                foreach (var (name, value) in request.Tags ?? [])
                {
                    tags[name] = value;
                }

                return function with
                {
                    Tags = tags,
                };
            }
        );
        return new TagResourceResponse();
    }

    private UntagResourceResponse Untag(Call call, UntagResourceRequest request)
    {
        _functions.Amend(
            Reference(call, request.Resource),
            function =>
            {
                var tags = new SortedDictionary<string, string>(function.Tags, StringComparer.Ordinal);
                foreach (var name in request.TagKeys ?? [])
                {
                    tags.Remove(name);
                }

                return function with
                {
                    Tags = tags,
                };
            }
        );
        return new UntagResourceResponse();
    }

    private FunctionConfiguration Configuration(FunctionReference reference)
    {
        var function = _functions.Get(reference);
        if (reference.Qualifier is null or FunctionVersions.Latest)
        {
            return FunctionDocument.Describe(function);
        }

        var (version, settings) = _versions.Resolve(function, reference.Qualifier);
        return FunctionDocument.Describe(function with { Settings = settings }, version);
    }

    private static SortedDictionary<string, string>? Variables(Amazon.Lambda.Model.Environment? environment) =>
        environment?.Variables is { Count: > 0 } variables ? new SortedDictionary<string, string>(variables, StringComparer.Ordinal) : null;

    private static FunctionNetwork? Network(VpcConfig? network) =>
        network is { SubnetIds.Count: > 0 } ? new FunctionNetwork(network.SubnetIds, network.SecurityGroupIds ?? []) : null;

    private static List<string>? Given(List<string>? architectures) => architectures is { Count: > 0 } ? architectures : null;
}
