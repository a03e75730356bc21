using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>The requests about change sets.</summary>
public sealed partial class CloudFormationService
{
    private void ChangeSetOperations()
    {
        On<CreateChangeSetRequest, CreateChangeSetResponse>("CreateChangeSet", CreateChangeSet, (call, r) => [Arn(call, r.StackName)]);
        On<DescribeChangeSetRequest, DescribeChangeSetResponse>(
            "DescribeChangeSet",
            DescribeChangeSet,
            (call, r) => [ArnOfStack(call, r.ChangeSetName, r.StackName)]
        );
        On<ExecuteChangeSetRequest, ExecuteChangeSetResponse>(
            "ExecuteChangeSet",
            ExecuteChangeSet,
            (call, r) => [ArnOfStack(call, r.ChangeSetName, r.StackName)]
        );
        On<DeleteChangeSetRequest, DeleteChangeSetResponse>(
            "DeleteChangeSet",
            DeleteChangeSet,
            (call, r) => [ArnOfStack(call, r.ChangeSetName, r.StackName)]
        );
        On<ListChangeSetsRequest, ListChangeSetsResponse>("ListChangeSets", ListChangeSets, (call, r) => [Arn(call, r.StackName)]);
    }

    private CreateChangeSetResponse CreateChangeSet(Call call, CreateChangeSetRequest request)
    {
        Refuse(
            ("ResourcesToImport", request.ResourcesToImport is { Count: > 0 }),
            ("ImportExistingResources", request.ImportExistingResources == true),
            ("ChangeSetType IMPORT", request.ChangeSetType == ChangeSetType.IMPORT),
            ("DeploymentMode", request.DeploymentMode is not null),
            ("DeploymentConfig", request.DeploymentConfig is not null),
            ("ResourceTypes", request.ResourceTypes is { Count: > 0 }),
            ("RollbackConfiguration", request.RollbackConfiguration?.RollbackTriggers is { Count: > 0 })
        );
        var isCreation = request.ChangeSetType == ChangeSetType.CREATE;
        if (!isCreation && request.OnStackFailure == OnStackFailure.DELETE)
        {
            throw new ApiException("ValidationError", "OnStackFailure DELETE can only be specified for a change set of type CREATE.");
        }

        var changeSet = _changeSetRequests.Create(
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
                Token = request.ClientToken,
                OnFailure = Reaction(request.OnStackFailure?.Value),
                IsReviewed = true,
            },
            request.ChangeSetName,
            isCreation,
            request.Description,
            request.IncludeNestedStacks == true
        );
        return new CreateChangeSetResponse { Id = changeSet.Id, StackId = changeSet.StackId };
    }

    private DescribeChangeSetResponse DescribeChangeSet(Call call, DescribeChangeSetRequest request)
    {
        var changeSet = _changeSets.Get(call, request.ChangeSetName, request.StackName);
        var (changes, next) = Page(changeSet.Changes?.Resources ?? [], request.NextToken);
        return new DescribeChangeSetResponse
        {
            ChangeSetName = changeSet.Name,
            ChangeSetId = changeSet.Id,
            StackId = changeSet.StackId,
            StackName = changeSet.StackName,
            Description = changeSet.Description,
            Parameters = StackShapes.Parameters(changeSet.Definition),
            CreationTime = changeSet.Created.UtcDateTime,
            Status = new(changeSet.Status.ToString()),
            StatusReason = changeSet.StatusReason,
            ExecutionStatus = new(changeSet.Execution.ToString()),
            NotificationARNs = changeSet.Definition.NotificationArns,
            Capabilities = [.. changeSet.Definition.Capabilities],
            Tags = StackShapes.Tags(changeSet.Definition),
            Changes = [.. changes.Select(ChangeShapes.Change)],
            IncludeNestedStacks = changeSet.IncludesNested,
            ParentChangeSetId = changeSet.ParentId,
            RootChangeSetId = changeSet.RootId,
            OnStackFailure = new(changeSet.OnFailure.ToString()),
            NextToken = next,
        };
    }

    private ExecuteChangeSetResponse ExecuteChangeSet(Call call, ExecuteChangeSetRequest request)
    {
        Refuse(("RetainExceptOnCreate", request.RetainExceptOnCreate == true));
        _changeSetRequests.Execute(
            call,
            request.ChangeSetName,
            request.StackName,
            request.ClientRequestToken,
            request.DisableRollback == true
        );
        return new ExecuteChangeSetResponse();
    }

    private DeleteChangeSetResponse DeleteChangeSet(Call call, DeleteChangeSetRequest request)
    {
        _changeSetRequests.Delete(call, request.ChangeSetName, request.StackName);
        return new DeleteChangeSetResponse();
    }

    private ListChangeSetsResponse ListChangeSets(Call call, ListChangeSetsRequest request)
    {
        var (sets, next) = Page(_changeSets.Of(_requests.Existing(call, request.StackName)), request.NextToken);
        return new ListChangeSetsResponse { Summaries = [.. sets.Select(ChangeShapes.Summary)], NextToken = next };
    }

    /// <summary>
    /// The ARN of a change set that is gone does not say which stack it was made for; the stack's name does, where it is given.
    /// </summary>
    private string ArnOfStack(Call call, string changeSet, string? stackName) =>
        changeSet.StartsWith("arn:", StringComparison.Ordinal)
            ? _changeSets.Find(call, changeSet, null)?.StackId ?? (stackName is null ? "*" : Arn(call, stackName))
            : Arn(call, stackName);
}
