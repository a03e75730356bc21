using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>The requests about change sets, judged as CloudFormation judges them.</summary>
public sealed partial class ChangeSetRequests(
    RehearsalWorld world,
    StackTable stacks,
    StackEngine engine,
    Definitions definitions,
    StackRequests requests,
    ChangeSets changeSets
)
{
    /// <summary>CreateChangeSet.</summary>
    /// <param name="call">The request.</param>
    /// <param name="order">What is asked for.</param>
    /// <param name="name">The change set's name.</param>
    /// <param name="description">The caller's words on it.</param>
    /// <param name="includesNested">Whether nested stacks get change sets of their own.</param>
    /// <param name="isCreation">The type CREATE; otherwise UPDATE.</param>
    /// <exception cref="ApiException">AlreadyExistsException, ValidationError, InsufficientCapabilitiesException.</exception>
    public ChangeSetRecord Create(Call call, StackOrder order, string name, bool isCreation, string? description, bool includesNested)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new ApiException(
                "ValidationError",
                $"1 validation error detected: Value '{name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy "
                    + "regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
            );
        }

        var stack = isCreation ? ToCreate(call, order, name) : ToUpdate(call, order);
        if (changeSets.Of(stack).FirstOrDefault(set => set.Name == name) is { } taken)
        {
            return order.Token is not null && taken.Token == order.Token
                ? taken
                : throw new ApiException("AlreadyExistsException", $"ChangeSet {name} already exists");
        }

        var definition = definitions.Of(call, order, isCreation ? null : stack);
        if (stack.Events == 0)
        {
            engine.Review(stack);
        }

        var changeSet = new ChangeSetRecord
        {
            StackKey = stack.Key,
            StackId = stack.Id,
            StackName = stack.Name,
            Name = name,
            Uuid = world.Random.Uuid(),
            Account = call.Account,
            Region = call.Region,
            IsCreation = isCreation,
            Created = world.Now,
            Description = description,
            Token = order.Token,
            IncludesNested = includesNested,
            OnFailure = order.OnFailure,
            Principal = Definitions.ResourcePrincipal(call, definition),
            Definition = definition,
        };
        changeSets.Begin(changeSet);
        return changeSet;
    }

    /// <summary>ExecuteChangeSet.</summary>
    /// <param name="call">The request.</param>
    /// <param name="nameOrId">The change set's name or ARN.</param>
    /// <param name="stackName">The stack, when a name was given.</param>
    /// <param name="token">The client request token.</param>
    /// <param name="keepFailed">A failure is left as it is instead of being rolled back.</param>
    /// <exception cref="ApiException">ChangeSetNotFoundException, InvalidChangeSetStatusException, ValidationError.</exception>
    public void Execute(Call call, string nameOrId, string? stackName, string? token, bool keepFailed)
    {
        var changeSet = changeSets.Get(call, nameOrId, stackName);
        var stack = stacks.Get(changeSet.StackKey);
        if (StackRequests.IsRepeated(stack, token, "ExecuteChangeSet"))
        {
            return;
        }

        if (changeSet.ParentId is not null)
        {
            throw new ApiException("ValidationError", "The change set belongs to a nested stack; execute the root's.");
        }

        if (changeSet.Status != ChangeSetStatus.CREATE_COMPLETE || changeSet.Execution != ExecutionStatus.AVAILABLE)
        {
            var status = changeSet.Status == ChangeSetStatus.CREATE_COMPLETE ? changeSet.Execution.ToString() : changeSet.Status.ToString();
            throw new ApiException(
                "InvalidChangeSetStatus",
                $"ChangeSet [{changeSet.Id}] cannot be executed in its current status of [{status}]"
            );
        }

        if (keepFailed && changeSet.OnFailure != OnFailure.ROLLBACK)
        {
            throw new ApiException(
                "ValidationError",
                "DisableRollback cannot be given when the change set was created with OnStackFailure."
            );
        }

        if (!changeSet.IsCreation)
        {
            StackRequests.CheckUpdatable(stack);
        }

        var onFailure = keepFailed ? OnFailure.DO_NOTHING : changeSet.OnFailure;
        StackRequests.Remember(stack, token, "ExecuteChangeSet");
        changeSets.Execute(stack, changeSet);
        stack.ChangeSetId = changeSet.Id;
        if (changeSet.IsCreation)
        {
            stack.Definition = changeSet.Definition;
            stack.Created = world.Now;
            engine.Create(stack, requests.Operation(call, stack, OperationKind.CREATE_STACK, changeSet.Definition, token, onFailure));
        }
        else
        {
            engine.Update(
                stack,
                requests.Operation(call, stack, OperationKind.UPDATE_STACK, changeSet.Definition, token, onFailure),
                changeSet.Changes!
            );
        }
    }

    /// <summary>DeleteChangeSet. One that is gone already is no error.</summary>
    /// <exception cref="ApiException">InvalidChangeSetStatusException.</exception>
    public void Delete(Call call, string nameOrId, string? stackName)
    {
        if (changeSets.Find(call, nameOrId, stackName) is not { } changeSet)
        {
            return;
        }

        if (changeSet.Execution == ExecutionStatus.EXECUTE_IN_PROGRESS)
        {
            throw new ApiException(
                "InvalidChangeSetStatus",
                $"ChangeSet [{changeSet.Id}] cannot be deleted in its current status of [{changeSet.Execution}]"
            );
        }

        changeSets.Delete(changeSet);
    }

    private StackRecord ToCreate(Call call, StackOrder order, string name)
    {
        StackRequests.CheckName(order.Name);
        if (!stacks.TryFind(call.Account, call.Region, order.Name, out var stack))
        {
            return requests.New(call, order);
        }

        return stack.Status == StackStatus.REVIEW_IN_PROGRESS
            ? stack
            : throw new ApiException(
                "ValidationError",
                $"Stack [{order.Name}] already exists and cannot be created again with the changeSet [{name}]."
            );
    }

    private StackRecord ToUpdate(Call call, StackOrder order)
    {
        var stack = requests.Existing(call, order.Name);
        StackRequests.CheckUpdatable(stack);
        return stack;
    }

    [GeneratedRegex("^[a-zA-Z][-a-zA-Z0-9]{0,127}$", RegexOptions.None, 60_000)]
    private static partial Regex NamePattern();
}
