using Amazon.Lambda.Model;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda;

/// <content>Versions and aliases.</content>
public sealed partial class LambdaService
{
    private void AddVersionOperations()
    {
        On<PublishVersionRequest, PublishVersionResponse>(
            "PublishVersion",
            PublishVersion,
            (call, request) => Arn(call, request.FunctionName)
        );
        On<CreateAliasRequest, CreateAliasResponse>(
            "CreateAlias",
            CreateAlias,
            (call, request) => Arn(call, request.FunctionName, request.Name)
        );
        On<UpdateAliasRequest, UpdateAliasResponse>(
            "UpdateAlias",
            UpdateAlias,
            (call, request) => Arn(call, request.FunctionName, request.Name)
        );
        On<GetAliasRequest, GetAliasResponse>(
            "GetAlias",
            (call, request) =>
            {
                var function = _functions.Get(Reference(call, request.FunctionName));
                return Document(function, _versions.Alias(function, request.Name)).As<GetAliasResponse>();
            },
            (call, request) => Arn(call, request.FunctionName, request.Name)
        );
        On<ListAliasesRequest, ListAliasesResponse>("ListAliases", ListAliases, (call, request) => Arn(call, request.FunctionName));
    }

    private PublishVersionResponse PublishVersion(Call call, PublishVersionRequest request)
    {
        Refuse("publishing to LATEST_PUBLISHED", request.PublishTo is not null);
        var reference = Reference(call, request.FunctionName);
        var function = _functions.Get(reference);
        if (request.CodeSha256 is not null && request.CodeSha256 != function.Settings.Code.Sha256)
        {
            throw new ApiException(
                "InvalidParameterValueException",
                $"CodeSHA256 ({request.CodeSha256}) is different from current CodeSHA256 in $LATEST ({function.Settings.Code.Sha256}). "
                    + "Please try again with the CodeSHA256 in $LATEST."
            );
        }

        var version = _versions.Publish(reference, request.RevisionId, request.Description);
        return FunctionDocument
            .Describe(function with { Settings = version.Settings, RevisionId = version.RevisionId }, version.Version)
            .As<PublishVersionResponse>();
    }

    private CreateAliasResponse CreateAlias(Call call, CreateAliasRequest request)
    {
        var function = _functions.Get(Reference(call, request.FunctionName));
        return Document(
                function,
                _versions.CreateAlias(
                    function,
                    request.Name,
                    request.FunctionVersion,
                    request.Description,
                    request.RoutingConfig?.AdditionalVersionWeights
                )
            )
            .As<CreateAliasResponse>();
    }

    private UpdateAliasResponse UpdateAlias(Call call, UpdateAliasRequest request)
    {
        var function = _functions.Get(Reference(call, request.FunctionName));
        var alias = _versions.UpdateAlias(
            function,
            request.Name,
            request.FunctionVersion,
            request.Description,
            request.RevisionId,
            request.RoutingConfig is null ? null : request.RoutingConfig.AdditionalVersionWeights ?? []
        );
        return Document(function, alias).As<UpdateAliasResponse>();
    }

    private ListAliasesResponse ListAliases(Call call, ListAliasesRequest request)
    {
        var function = _functions.Get(Reference(call, request.FunctionName));
        var aliases = _versions
            .Aliases(function)
            .Where(alias => request.FunctionVersion is null || request.FunctionVersion == alias.Version);
        return new ListAliasesResponse { Aliases = [.. aliases.Select(alias => Document(function, alias))] };
    }

    private static AliasConfiguration Document(Function function, FunctionAlias alias) =>
        new()
        {
            AliasArn = $"{function.Arn}:{alias.Name}",
            Name = alias.Name,
            FunctionVersion = alias.Version,
            Description = alias.Description,
            RevisionId = alias.RevisionId,
            RoutingConfig = alias.Weights is { } weights ? new AliasRoutingConfiguration { AdditionalVersionWeights = new(weights) } : null,
        };
}
