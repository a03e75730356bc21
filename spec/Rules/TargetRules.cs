using Deployer.Spec.Faults;

namespace Deployer.Spec.Rules;

/// <summary>A target's role is in its account.</summary>
internal static class TargetRules
{
    public static void Check(ServiceSpec spec, FaultList faults)
    {
        foreach (var target in spec.Targets)
        {
            if (target.Role is { } role && role.Split(':') is { Length: > 5 } arn && arn[4] != target.Account)
            {
                faults.Add(
                    target.Position,
                    $"the role of the target \"{target.Name}\" is in the account {arn[4]}",
                    $"a role of the target's account {target.Account}"
                );
            }
        }
    }
}
