using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic;

/// <summary>
/// The fault <c>lambdas-half-fail</c>: the code of a new revision is live, then reserving concurrency for an ion Lambda
/// is refused, as it is in accounts with a small quota.
/// </summary>
internal sealed class HalfFailedLambdas(DeployGroups groups, Deployments deployments)
{
    private const string Name = "lambdas-half-fail";

    /// <summary>Lets the fault strike, where it is injected.</summary>
    public void Install(RehearsalWorld world)
    {
        if (world.Faults.Find(Name) is { } fault)
        {
            world.Api.AddFault((call, resources) => Strike(fault, call, resources));
        }
    }

    private void Strike(Fault fault, Call call, IReadOnlyList<string> resources)
    {
        if (
            call is { Service: "lambda", Operation: "PutFunctionConcurrency" }
            && resources.Any(arn => IsStruck(fault, call, arn.Split(':')[^1]))
        )
        {
            call.World.Faults.Strike(fault);
            throw new ApiException(
                "InvalidParameterValueException",
                "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its "
                    + "minimum value of [10]."
            );
        }
    }

    /// <summary>A group's first release is what the accounts hold before: it is spared.</summary>
    private bool IsStruck(Fault fault, Call call, string function) =>
        groups
            .All(call.Account, call.Region)
            .Any(group =>
                function.StartsWith($"{group.Name}-", StringComparison.Ordinal)
                && (fault.What is null || function == $"{group.Name}-{fault.What}" || function == fault.What)
                && deployments
                    .Of(group)
                    .Where(deployment => deployment is { Status: "Succeeded", ForNewInstance: false })
                    .Select(deployment => deployment.Revision)
                    .Distinct()
                    .Count() > 1
            );
}
