using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>The requests that begin operations on stacks, judged as CloudFormation judges them.</summary>
public sealed partial class StackRequests(
    RehearsalWorld world,
    StackTable stacks,
    StackEngine engine,
    Definitions definitions,
    ChangeSets changeSets
)
{
    /// <summary>How CloudFormation refuses an update that changes nothing.</summary>
    internal const string NothingToUpdate = "No updates are to be performed.";

    private const int OperationsKept = 10;

    /// <summary>CreateStack.</summary>
    /// <exception cref="ApiException">AlreadyExistsException, TokenAlreadyExistsException, ValidationError,
    /// InsufficientCapabilitiesException.</exception>
    public StackRecord Create(Call call, StackOrder order)
    {
        CheckName(order.Name);
        if (stacks.TryFind(call.Account, call.Region, order.Name, out var existing))
        {
            return IsRepeated(existing, order.Token, "CreateStack")
                ? existing
                : throw new ApiException("AlreadyExistsException", $"Stack [{order.Name}] already exists");
        }

        var stack = New(call, order);
        stack.Definition = definitions.Of(call, order, null);
        var operation = Operation(call, stack, OperationKind.CREATE_STACK, stack.Definition, order.Token, order.OnFailure);
        Remember(stack, order.Token, "CreateStack");
        Definitions.Refused(() =>
        {
            engine.Create(stack, operation);
            return stack;
        });
        return stack;
    }

    /// <summary>UpdateStack.</summary>
    /// <exception cref="ApiException">ValidationError (also when there is nothing to do), TokenAlreadyExistsException,
    /// InsufficientCapabilitiesException.</exception>
    public StackRecord Update(Call call, StackOrder order)
    {
        var stack = Existing(call, order.Name);
        if (IsRepeated(stack, order.Token, "UpdateStack"))
        {
            return stack;
        }

        CheckUpdatable(stack);
        var target = definitions.Of(call, order, stack);
        var changes = Definitions.Refused(() => engine.Changes(stack, target));
        if (!changes.Any)
        {
            throw new ApiException("ValidationError", NothingToUpdate);
        }

        changeSets.MakeObsolete(stack);
        Remember(stack, order.Token, "UpdateStack");
        engine.Update(stack, Operation(call, stack, OperationKind.UPDATE_STACK, target, order.Token, order.OnFailure), changes);
        return stack;
    }

    /// <summary>DeleteStack. One that is gone already is no error.</summary>
    /// <exception cref="ApiException">ValidationError (protected, or in a status that does not allow it).</exception>
    public void Delete(Call call, string name, string? token, string? roleArn, IReadOnlyCollection<string> retained)
    {
        if (
            !stacks.TryFind(call.Account, call.Region, name, out var stack)
            || stack.Status is StackStatus.DELETE_COMPLETE or StackStatus.DELETE_IN_PROGRESS
            || IsRepeated(stack, token, "DeleteStack")
        )
        {
            return;
        }

        if (stack.TerminationProtection)
        {
            throw new ApiException("ValidationError", $"Stack [{stack.Name}] cannot be deleted while TerminationProtection is enabled");
        }

        if (!stack.Status.CanBeDeleted())
        {
            throw new ApiException("ValidationError", $"Stack [{stack.Id}] cannot be deleted while in status {stack.Status}");
        }

        if (retained.Count > 0 && stack.Status != StackStatus.DELETE_FAILED)
        {
            throw new ApiException(
                "ValidationError",
                "Invalid operation on stack [" + stack.Id + "]. Specify ResourcesToRetain only when the stack is in DELETE_FAILED state."
            );
        }

        var definition = WithRole(call, stack, roleArn);
        changeSets.DeleteAll(stack);
        Remember(stack, token, "DeleteStack");
        engine.Delete(stack, Operation(call, stack, OperationKind.DELETE_STACK, definition, token, default, retained));
    }

    /// <summary>CancelUpdateStack.</summary>
    /// <exception cref="ApiException">ValidationError.</exception>
    public void Cancel(Call call, string name)
    {
        var stack = Existing(call, name);
        if (stack.Status != StackStatus.UPDATE_IN_PROGRESS)
        {
            throw new ApiException("ValidationError", "CancelUpdateStack cannot be called from current stack status");
        }

        engine.Cancel(stack);
    }

    /// <summary>RollbackStack.</summary>
    /// <exception cref="ApiException">ValidationError.</exception>
    public StackRecord RollBack(Call call, string name, string? token, string? roleArn = null)
    {
        var stack = Existing(call, name);
        if (IsRepeated(stack, token, "RollbackStack"))
        {
            return stack;
        }

        if (stack.Status is not (StackStatus.CREATE_FAILED or StackStatus.UPDATE_FAILED) || stack.Stopped is null)
        {
            throw new ApiException("ValidationError", $"RollbackStack cannot be called from current stack status [{stack.Status}]");
        }

        var definition = WithRole(call, stack, roleArn);
        Remember(stack, token, "RollbackStack");
        engine.RollBack(stack, Operation(call, stack, OperationKind.ROLLBACK, definition, token, default));
        return stack;
    }

    /// <summary>ContinueUpdateRollback.</summary>
    /// <exception cref="ApiException">ValidationError.</exception>
    public void ContinueRollback(Call call, string name, string? token, IReadOnlyCollection<string> skipped, string? roleArn = null)
    {
        var stack = Existing(call, name);
        if (IsRepeated(stack, token, "ContinueUpdateRollback"))
        {
            return;
        }

        if (stack.Status != StackStatus.UPDATE_ROLLBACK_FAILED || stack.Stopped is null)
        {
            throw new ApiException(
                "ValidationError",
                $"Stack: [{stack.Id}] is not in the UPDATE_ROLLBACK_FAILED state, so the rollback cannot be continued."
            );
        }

        var wrong = skipped.Where(id => stack.Stopped.Steps.GetValueOrDefault(id)?.State != StepState.Failed).ToList();
        if (wrong.Count > 0)
        {
            throw new ApiException(
                "ValidationError",
                $"Resource(s) [{string.Join(", ", wrong)}] cannot be skipped: only those in UPDATE_FAILED state because of the "
                    + "rollback can."
            );
        }

        var definition = WithRole(call, stack, roleArn);
        Remember(stack, token, "ContinueUpdateRollback");
        engine.ContinueRollback(stack, Operation(call, stack, OperationKind.CONTINUE_ROLLBACK, definition, token, default, skipped));
    }

    /// <summary>The stack of a name or id, deleted ones by id too.</summary>
    /// <exception cref="ApiException">ValidationError.</exception>
    public StackRecord Existing(Call call, string name) =>
        stacks.TryFind(call.Account, call.Region, name, out var stack) && stack.Status != StackStatus.DELETE_COMPLETE
            ? stack
            : throw new ApiException("ValidationError", $"Stack [{name}] does not exist");

    internal StackRecord New(Call call, StackOrder order) =>
        new()
        {
            Account = call.Account,
            Region = call.Region,
            Name = order.Name,
            Uuid = world.Random.Uuid(),
            Created = world.Now,
            Status = StackStatus.REVIEW_IN_PROGRESS,
            Definition = new StackDefinition(""),
            TerminationProtection = order.TerminationProtection,
            DisableRollback = order.OnFailure == OnFailure.DO_NOTHING,
        };

    /// <summary>The stack's definition with the role that the caller hands over for this operation.</summary>
    private StackDefinition WithRole(Call call, StackRecord stack, string? roleArn)
    {
        if (roleArn is null)
        {
            return stack.Definition;
        }

        world.Api.CheckPassRole(call, roleArn, "cloudformation.amazonaws.com");
        return stack.Definition with { RoleArn = roleArn };
    }

    internal static void CheckUpdatable(StackRecord stack)
    {
        if (!stack.Status.CanBeUpdated())
        {
            throw new ApiException("ValidationError", $"Stack:{stack.Id} is in {stack.Status} state and can not be updated.");
        }
    }

    internal static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new ApiException(
                "ValidationError",
                $"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular "
                    + "expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
            );
        }
    }

    internal static bool IsRepeated(StackRecord stack, string? token, string operation) =>
        token is not null
        && stack.Tokens.TryGetValue(token, out var began)
        && (
            began == operation
                ? true
                : throw new ApiException(
                    "TokenAlreadyExistsException",
                    $"A client request token {token} already exists for another operation."
                )
        );

    internal static void Remember(StackRecord stack, string? token, string operation)
    {
        if (token is not null)
        {
            stack.Tokens[token] = operation;
        }
    }

    internal OperationRecord Operation(
        Call call,
        StackRecord stack,
        OperationKind kind,
        StackDefinition definition,
        string? token,
        OnFailure onFailure,
        IReadOnlyCollection<string>? skipped = null
    )
    {
        var operation = new OperationRecord
        {
            Id = world.Random.Uuid(),
            Kind = kind,
            Token = token,
            Principal = Definitions.ResourcePrincipal(call, definition),
            Target = kind == OperationKind.UPDATE_STACK ? definition : null,
            OnFailure = onFailure,
            Before = new(stack.Resources),
            Skipped = [.. skipped ?? []],
        };
        stack.LastOperations = [new LastOperation(operation.Id, kind.ToString()), .. stack.LastOperations.Take(OperationsKept - 1)];
        return operation;
    }

    [GeneratedRegex("^[a-zA-Z][-a-zA-Z0-9]{0,127}$", RegexOptions.None, 60_000)]
    private static partial Regex NamePattern();
}
