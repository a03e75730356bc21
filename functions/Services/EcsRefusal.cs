using Amazon.ECS;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Services;

/// <summary>
/// Says of a request to ECS that the role in the target's account may not make which parameter of <c>templates/service-access.yaml</c>
/// names what it may.
/// </summary>
internal static class EcsRefusal
{
    /// <summary>Makes a request.</summary>
    /// <param name="run">The step.</param>
    /// <param name="request">The request.</param>
    /// <exception cref="AwsRefusedException">The role does not have the permission.</exception>
    public static async Task<T> Explained<T>(StepRun run, Func<Task<T>> request)
        where T : class
    {
        try
        {
            return await request();
        }
        catch (AmazonECSException exception) when (exception.ErrorCode is "AccessDeniedException" or "AccessDenied")
        {
            // It names the caller, the action and the resource, and nothing that a container is given: a value that is a word of it, such
            // as a region, is no secret. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
            run.Secrets.Show(exception.Message);
            var parameter = exception.Message.Contains("iam:PassRole", StringComparison.Ordinal)
                ? "TaskRoles names the roles that tasks may have"
                : "EcsService names the ECS services, and the families of their task definitions, that may be deployed";
            throw new AwsRefusedException(
                $"{Failure.Translate(exception, run.Secrets).Message}; the parameter {parameter} (templates/service-access.yaml)"
            );
        }
    }
}
