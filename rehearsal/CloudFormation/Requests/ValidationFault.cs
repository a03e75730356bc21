using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>Injects the fault <c>validation-fails[:LogicalId]</c>, once in a run: the resource that is said to exist already.</summary>
internal sealed class ValidationFault(Faults faults)
{
    /// <summary>The reason of the change set that fails so.</summary>
    public const string Reason =
        "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. "
        + "To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.";

    private bool _hasStruck;

    /// <summary>
    /// Whether it strikes a change set whose changes are known, which then has the resource that is in conflict. A nested one is struck
    /// where its resource was named.
    /// </summary>
    public bool Strikes(ChangeSetRecord changeSet)
    {
        if (
            _hasStruck
            || faults.Find("validation-fails") is not { } fault
            || changeSet.Principal.Kind == PrincipalKind.Root
            || (fault.What is null && changeSet.ParentId is not null)
        )
        {
            return false;
        }

        changeSet.Conflict = changeSet
            .Changes!.Resources.FirstOrDefault(change =>
                change.Action == ChangeAction.Add && (fault.What is null || change.LogicalId == fault.What)
            )
            ?.LogicalId;
        return _hasStruck = changeSet.Conflict is not null && faults.Strikes(fault.Name);
    }
}
