using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>The requests that begin operations on stacks.</summary>
public sealed partial class CloudFormationService
{
    private void StackOperations()
    {
        On<CreateStackRequest, CreateStackResponse>("CreateStack", CreateStack, (call, r) => [Arn(call, r.StackName)]);
        On<UpdateStackRequest, UpdateStackResponse>("UpdateStack", UpdateStack, (call, r) => [Arn(call, r.StackName)]);
        On<DeleteStackRequest, DeleteStackResponse>("DeleteStack", DeleteStack, (call, r) => [Arn(call, r.StackName)]);
        On<CancelUpdateStackRequest, CancelUpdateStackResponse>(
            "CancelUpdateStack",
            CancelUpdateStack,
            (call, r) => [Arn(call, r.StackName)]
        );
        On<RollbackStackRequest, RollbackStackResponse>("RollbackStack", RollbackStack, (call, r) => [Arn(call, r.StackName)]);
        On<ContinueUpdateRollbackRequest, ContinueUpdateRollbackResponse>(
            "ContinueUpdateRollback",
            ContinueUpdateRollback,
            (call, r) => [Arn(call, r.StackName)]
        );
        On<UpdateTerminationProtectionRequest, UpdateTerminationProtectionResponse>(
            "UpdateTerminationProtection",
            UpdateTerminationProtection,
            (call, r) => [Arn(call, r.StackName)]
        );
    }

    private CreateStackResponse CreateStack(Call call, CreateStackRequest request)
    {
        Refuse(
            ("TimeoutInMinutes", request.TimeoutInMinutes is not null),
            ("RollbackConfiguration", request.RollbackConfiguration?.RollbackTriggers is { Count: > 0 }),
            ("StackPolicyBody", request.StackPolicyBody is not null || request.StackPolicyURL is not null),
            ("ResourceTypes", request.ResourceTypes is { Count: > 0 }),
            ("RetainExceptOnCreate", request.RetainExceptOnCreate == true),
            ("DeploymentConfig", request.DeploymentConfig is not null)
        );
        if (request is { DisableRollback: not null, OnFailure: not null })
        {
            throw new ApiException("ValidationError", "You can specify either OnFailure or DisableRollback, but not both.");
        }

        var stack = _requests.Create(
            call,
            new StackOrder(request.StackName)
            {
                TemplateBody = request.TemplateBody,
                TemplateUrl = request.TemplateURL,
                Parameters = Given(request.Parameters),
                Tags = Tags(request.Tags),
                NotificationArns = request.NotificationARNs,
                Capabilities = request.Capabilities ?? [],
                RoleArn = request.RoleARN,
                Token = request.ClientRequestToken,
                OnFailure = request.DisableRollback == true ? Stacks.OnFailure.DO_NOTHING : Reaction(request.OnFailure?.Value),
                TerminationProtection = request.EnableTerminationProtection == true,
            }
        );
        return new CreateStackResponse { StackId = stack.Id, OperationId = stack.LastOperations[0].Id };
    }

    private UpdateStackResponse UpdateStack(Call call, UpdateStackRequest request)
    {
        Refuse(
            ("RollbackConfiguration", request.RollbackConfiguration?.RollbackTriggers is { Count: > 0 }),
            ("StackPolicyBody", request.StackPolicyBody is not null || request.StackPolicyURL is not null),
            (
                "StackPolicyDuringUpdateBody",
                request.StackPolicyDuringUpdateBody is not null || request.StackPolicyDuringUpdateURL is not null
            ),
            ("ResourceTypes", request.ResourceTypes is { Count: > 0 }),
            ("RetainExceptOnCreate", request.RetainExceptOnCreate == true),
            ("DeploymentConfig", request.DeploymentConfig is not null)
        );
        var stack = _requests.Update(
            call,
            new StackOrder(request.StackName)
            {
                TemplateBody = request.TemplateBody,
                TemplateUrl = request.TemplateURL,
                UsePreviousTemplate = request.UsePreviousTemplate == true,
                Parameters = Given(request.Parameters),
                Tags = Tags(request.Tags),
                NotificationArns = request.NotificationARNs,
                Capabilities = request.Capabilities ?? [],
                RoleArn = request.RoleARN,
                Token = request.ClientRequestToken,
                OnFailure = request.DisableRollback == true ? Stacks.OnFailure.DO_NOTHING : Stacks.OnFailure.ROLLBACK,
            }
        );
        return new UpdateStackResponse { StackId = stack.Id, OperationId = stack.LastOperations[0].Id };
    }

    private DeleteStackResponse DeleteStack(Call call, DeleteStackRequest request)
    {
        Refuse(
            ("DeletionMode", request.DeletionMode is { } mode && mode != DeletionMode.STANDARD),
            ("DeploymentConfig", request.DeploymentConfig is not null)
        );
        _requests.Delete(call, request.StackName, request.ClientRequestToken, request.RoleARN, request.RetainResources ?? []);
        return new DeleteStackResponse();
    }

    private CancelUpdateStackResponse CancelUpdateStack(Call call, CancelUpdateStackRequest request)
    {
        _requests.Cancel(call, request.StackName);
        return new CancelUpdateStackResponse();
    }

    private RollbackStackResponse RollbackStack(Call call, RollbackStackRequest request)
    {
        Refuse(("RetainExceptOnCreate", request.RetainExceptOnCreate == true), ("DeploymentConfig", request.DeploymentConfig is not null));
        var stack = _requests.RollBack(call, request.StackName, request.ClientRequestToken, request.RoleARN);
        return new RollbackStackResponse { StackId = stack.Id, OperationId = stack.LastOperations[0].Id };
    }

    private ContinueUpdateRollbackResponse ContinueUpdateRollback(Call call, ContinueUpdateRollbackRequest request)
    {
        Refuse(("ForceRollback", request.ForceRollback == true));
        _requests.ContinueRollback(call, request.StackName, request.ClientRequestToken, request.ResourcesToSkip ?? [], request.RoleARN);
        return new ContinueUpdateRollbackResponse();
    }

    private UpdateTerminationProtectionResponse UpdateTerminationProtection(Call call, UpdateTerminationProtectionRequest request)
    {
        var stack = _requests.Existing(call, request.StackName);
        if (stack.ParentKey is not null)
        {
            throw new ApiException(
                "ValidationError",
                $"Termination protection of the nested stack [{stack.Name}] is that of its root stack"
            );
        }

        stack.TerminationProtection = request.EnableTerminationProtection == true;
        _stacks.Put(stack);
        return new UpdateTerminationProtectionResponse { StackId = stack.Id };
    }

    private static IReadOnlyList<GivenParameter> Given(List<Parameter>? parameters) =>
        [.. (parameters ?? []).Select(p => new GivenParameter(p.ParameterKey, p.ParameterValue, p.UsePreviousValue == true))];

    private static Dictionary<string, string>? Tags(List<Tag>? tags) => tags?.ToDictionary(tag => tag.Key, tag => tag.Value);

    private static Stacks.OnFailure Reaction(string? value) =>
        value is null ? Stacks.OnFailure.ROLLBACK
        : Enum.TryParse<Stacks.OnFailure>(value, out var reaction) ? reaction
        : throw new ApiException(
            "ValidationError",
            $"1 validation error detected: Value '{value}' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value "
                + "set: [ROLLBACK, DELETE, DO_NOTHING]"
        );
}
