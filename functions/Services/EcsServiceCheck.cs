using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>What a check says of ECS services whose tasks a step replaces.</summary>
internal static class EcsServiceCheck
{
    /// <summary>Looks at services of a cluster.</summary>
    /// <param name="run">What is checked.</param>
    /// <param name="check">The check's name.</param>
    /// <param name="cluster">The cluster; <see langword="null"/> when what runs does not say which.</param>
    /// <param name="names">The services; <see langword="null"/> as above.</param>
    public static async Task<CheckResult> CheckServices(CheckRun run, string check, string? cluster, params string?[] names)
    {
        if (cluster is null || names.Contains(null))
        {
            return CheckResult.Notice(check, "its cluster and service are known once the steps before it have run");
        }

        try
        {
            var services = await EcsServices.Find(run.Account, cluster, [.. names.OfType<string>()]);
            return CheckResult.Ok(check, string.Join("; ", services.Select(service => service.Runs())));
        }
        catch (ServiceRefusedException refused)
        {
            return run.Source.Spec.Steps.OfType<StackStep>().FirstOrDefault(stack => !run.IsThere(stack.Name)) is { } notYet
                ? CheckResult.Notice(check, $"{refused.Message}; the stack of the step {notYet.Name} is not there yet and may make it")
                : CheckResult.Problem(check, refused.Message, "make it before the first deployment, or correct its name in deployer.yaml");
        }
    }
}
