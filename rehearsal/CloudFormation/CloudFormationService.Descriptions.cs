using Amazon.CloudFormation.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>The requests that read stacks, resources, events and exports.</summary>
public sealed partial class CloudFormationService
{
    private void Descriptions()
    {
        On<DescribeStacksRequest, DescribeStacksResponse>("DescribeStacks", DescribeStacks, (call, r) => [Arn(call, r.StackName)]);
        On<ListStacksRequest, ListStacksResponse>("ListStacks", ListStacks, (_, _) => ["*"]);
        On<DescribeStackEventsRequest, DescribeStackEventsResponse>(
            "DescribeStackEvents",
            DescribeStackEvents,
            (call, r) => [Arn(call, r.StackName)]
        );
        On<DescribeEventsRequest, DescribeEventsResponse>("DescribeEvents", DescribeEvents, (call, r) => [Arn(call, r.StackName)]);
        On<DescribeStackResourceRequest, DescribeStackResourceResponse>(
            "DescribeStackResource",
            DescribeStackResource,
            (call, r) => [Arn(call, r.StackName)]
        );
        On<DescribeStackResourcesRequest, DescribeStackResourcesResponse>(
            "DescribeStackResources",
            DescribeStackResources,
            (call, r) => [Arn(call, r.StackName)]
        );
        On<ListStackResourcesRequest, ListStackResourcesResponse>(
            "ListStackResources",
            ListStackResources,
            (call, r) => [Arn(call, r.StackName)]
        );
        On<ListExportsRequest, ListExportsResponse>("ListExports", ListExports, (_, _) => ["*"]);
        On<ListImportsRequest, ListImportsResponse>("ListImports", ListImports, (_, _) => ["*"]);
    }

    private DescribeStacksResponse DescribeStacks(Call call, DescribeStacksRequest request)
    {
        if (request.StackName is { } name)
        {
            var stack =
                _stacks.Find(call.Account, call.Region, name)
                ?? throw new ApiException("ValidationError", $"Stack with id {name} does not exist");
            return new DescribeStacksResponse { Stacks = [StackShapes.Stack(stack, _stacks)] };
        }

        var (stacks, next) = Page(
            _stacks.All(call.Account, call.Region).Where(stack => stack.Status != Stacks.StackStatus.DELETE_COMPLETE),
            request.NextToken
        );
        return new DescribeStacksResponse { Stacks = [.. stacks.Select(stack => StackShapes.Stack(stack, _stacks))], NextToken = next };
    }

    private ListStacksResponse ListStacks(Call call, ListStacksRequest request)
    {
        var statuses = request.StackStatusFilter is { Count: > 0 } filter ? filter.ToHashSet(StringComparer.Ordinal) : null;
        var (stacks, next) = Page(
            _stacks.All(call.Account, call.Region).Where(stack => statuses?.Contains(stack.Status.ToString()) ?? true),
            request.NextToken
        );
        return new ListStacksResponse
        {
            StackSummaries = [.. stacks.Select(stack => StackShapes.Summary(stack, _stacks))],
            NextToken = next,
        };
    }

    private DescribeStackEventsResponse DescribeStackEvents(Call call, DescribeStackEventsRequest request)
    {
        var (events, next) = Page(_stacks.Events(Any(call, request.StackName)), request.NextToken);
        return new DescribeStackEventsResponse { StackEvents = [.. events.Select(EventShapes.Event)], NextToken = next };
    }

    private DescribeEventsResponse DescribeEvents(Call call, DescribeEventsRequest request)
    {
        if (
            request.ChangeSetName is { } validated
            && _changeSets.Get(call, validated, request.StackName) is { Conflict: { } conflict } failed
        )
        {
            return new DescribeEventsResponse { OperationEvents = [EventShapes.Validation(failed, conflict)] };
        }

        var stacks = (request.StackName, request.ChangeSetName, request.OperationId) switch
        {
            (null, null, { } id) => _stacks
                .All(call.Account, call.Region)
                .Where(stack => stack.LastOperations.Exists(operation => operation.Id == id)),
            // Of a nested stack that is to be created there is none yet.
            (var name, { } changeSet, _) => _stacks.Find(call.Account, call.Region, _changeSets.Get(call, changeSet, name).StackId)
                is { } known
                ? [known]
                : [],
            ({ } name, null, _) => [Any(call, name)],
            _ => throw new ApiException("ValidationError", "One of StackName, ChangeSetName and OperationId must be specified."),
        };
        var (events, next) = Page(
            stacks
                .SelectMany(stack => _stacks.Events(stack).Select(e => (Stack: stack, Event: e)))
                .Where(pair =>
                    (request.OperationId is null || pair.Event.OperationId == request.OperationId)
                    && (request.Filters?.FailedEvents != true || pair.Event.IsFailure)
                ),
            request.NextToken
        );
        return new DescribeEventsResponse
        {
            OperationEvents = [.. events.Select(pair => EventShapes.Operation(pair.Stack, pair.Event))],
            NextToken = next,
        };
    }

    private DescribeStackResourceResponse DescribeStackResource(Call call, DescribeStackResourceRequest request)
    {
        var stack = Any(call, request.StackName);
        var resource =
            stack.Resources.GetValueOrDefault(request.LogicalResourceId)
            ?? throw new ApiException("ValidationError", $"Resource {request.LogicalResourceId} does not exist for stack {stack.Name}");
        return new DescribeStackResourceResponse { StackResourceDetail = StackShapes.Detail(stack, resource) };
    }

    private DescribeStackResourcesResponse DescribeStackResources(Call call, DescribeStackResourcesRequest request)
    {
        var stack = (request.StackName, request.PhysicalResourceId) switch
        {
            ({ } name, null) => Any(call, name),
            (null, { } id) => _stacks.All(call.Account, call.Region).FirstOrDefault(s => s.Resources.Values.Any(r => r.PhysicalId == id))
                ?? throw new ApiException("ValidationError", $"Stack for {id} does not exist"),
            _ => throw new ApiException("ValidationError", "You must specify either StackName or PhysicalResourceId, but not both"),
        };
        var resources = stack.Resources.Values.Where(r => request.LogicalResourceId is null || r.LogicalId == request.LogicalResourceId);
        return new DescribeStackResourcesResponse
        {
            StackResources = [.. resources.Select(resource => StackShapes.Resource(stack, resource))],
        };
    }

    private ListStackResourcesResponse ListStackResources(Call call, ListStackResourcesRequest request)
    {
        var stack = Any(call, request.StackName);
        var (resources, next) = Page(stack.Resources.Values, request.NextToken);
        return new ListStackResourcesResponse { StackResourceSummaries = [.. resources.Select(StackShapes.Summary)], NextToken = next };
    }

    private ListExportsResponse ListExports(Call call, ListExportsRequest request)
    {
        var (exports, next) = Page(_exports.All(call.Account, call.Region), request.NextToken);
        return new ListExportsResponse
        {
            Exports =
            [
                .. exports.Select(e => new Export
                {
                    Name = e.Name,
                    Value = e.Value,
                    ExportingStackId = e.Stack.Id,
                }),
            ],
            NextToken = next,
        };
    }

    private ListImportsResponse ListImports(Call call, ListImportsRequest request)
    {
        var (imports, next) = Page(_exports.Importers(call.Account, call.Region, request.ExportName), request.NextToken);
        return imports.Count > 0
            ? new ListImportsResponse { Imports = imports, NextToken = next }
            : throw new ApiException("ValidationError", $"Export '{request.ExportName}' is not imported by any stack.");
    }

    private Stacks.StackRecord Any(Call call, string? name) =>
        _stacks.Find(
            call.Account,
            call.Region,
            name
                ?? throw new ApiException(
                    "ValidationError",
                    "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null"
                )
        ) ?? throw new ApiException("ValidationError", $"Stack [{name}] does not exist");
}
