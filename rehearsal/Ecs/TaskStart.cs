using Amazon.ECS.Model;
using Deployer.Rehearsal.Ecr;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.Ssm;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <summary>Why a task did not come to run.</summary>
/// <param name="Code">A constant of the API.</param>
/// <param name="Reason">A sentence.</param>
/// <param name="ExitCode">The exit code of its essential containers, where they ran at all.</param>
/// <param name="ContainerReason">What ECS says about these.</param>
internal sealed record StartFailure(string Code, string Reason, int? ExitCode = null, string? ContainerReason = null);

/// <summary>
/// What has to be there before a task's containers start, judged as its execution role: images, log groups, parameters and secrets.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html,
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html,
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
/// </remarks>
internal sealed class TaskStart(RehearsalWorld world, LogStore logs, Repositories repositories, ParameterStore parameters)
{
    private const string FailedToStart = "TaskFailedToStart";

    private static readonly string[] PullActions = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];

    /// <summary>What keeps the task from starting; <see langword="null"/> when nothing does.</summary>
    internal StartFailure? Hindrance(ServiceRecord service, TaskDefinition definition, string task)
    {
        var role = definition.ExecutionRoleArn is { } arn
            ? Principal.AssumedRole(Api.ArnAccount(arn) ?? service.Account, arn[(arn.LastIndexOf('/') + 1)..], task)
            : null;
        return definition
            .ContainerDefinitions.Select(container =>
                Pull(service, container, role) ?? Secrets(service, container, role) ?? Log(service, container, role, task)
            )
            .FirstOrDefault(failure => failure is not null);
    }

    /// <summary>The digest of a container's image, where it is one of ECR that exists.</summary>
    internal string? Digest(string image) =>
        ImageReference.Read(image) is { } reference && Repository(reference) is { } repository ? Digest(repository, reference) : null;

    /// <summary>A pull that failed, as ECS reports it.</summary>
    internal static StartFailure NotPulled(string image, string why)
    {
        var reason = $"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: {why}";
        return new StartFailure(FailedToStart, reason, ContainerReason: reason);
    }

    private RepositoryRecord? Repository(ImageReference reference) =>
        repositories.Find(reference.Account, reference.Region, reference.Repository);

    private string? Digest(RepositoryRecord repository, ImageReference reference) =>
        // An image that is named by its digest was pushed, as one is under each tag that is asked for.
        reference.Digest
        ?? repositories.ByTag(repository, reference.Tag!)?.Digest;

    private StartFailure? Pull(ServiceRecord service, ContainerDefinition container, Principal? role)
    {
        if (ImageReference.Read(container.Image) is not { } reference)
        {
            return null;
        }

        if (Denied(service, role, "ecr:GetAuthorizationToken", "*") is { } denied)
        {
            return new StartFailure(
                FailedToStart,
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to "
                    + $"retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: {denied}"
            );
        }

        var arn = $"arn:aws:ecr:{reference.Region}:{reference.Account}:repository/{reference.Repository}";
        var policy = Repository(reference)?.Policy;
        return PullActions.Any(action => Denied(service, role, action, arn, policy) is not null)
                ? NotPulled(container.Image, "unexpected status from HEAD request: 403 Forbidden")
            : Repository(reference) is { } repository && Digest(repository, reference) is not null ? null
            : NotPulled(container.Image, $"{container.Image}: not found");
    }

    private StartFailure? Secrets(ServiceRecord service, ContainerDefinition container, Principal? role)
    {
        foreach (var secret in container.Secrets ?? [])
        {
            var isSecret = secret.ValueFrom.StartsWith("arn:aws:secretsmanager:", StringComparison.Ordinal);
            var name = secret.ValueFrom.StartsWith("arn:aws:ssm:", StringComparison.Ordinal)
                ? secret.ValueFrom[(secret.ValueFrom.IndexOf(":parameter", StringComparison.Ordinal) + ":parameter".Length)..]
                : secret.ValueFrom;
            var denied = isSecret
                ? Denied(service, role, "secretsmanager:GetSecretValue", string.Join(':', secret.ValueFrom.Split(':').Take(7)))
                : Denied(service, role, "ssm:GetParameters", SsmParameter.ArnOf(service.Account, service.Region, name));
            if (denied is not null)
            {
                return NotInitialized($"service call has been retried 1 time(s): AccessDeniedException: {denied}");
            }

            if (!isSecret && Parameter(service, name) is null)
            {
                return NotInitialized($"unable to retrieve secrets from ssm: The task cannot pull secrets: invalid ssm parameters: {name}");
            }
        }

        return null;
    }

    /// <summary>An ARN does not show whether a name begins with a slash.</summary>
    private SsmParameter? Parameter(ServiceRecord service, string name) =>
        parameters.Find(service.Account, service.Region, name) ?? parameters.Find(service.Account, service.Region, name.TrimStart('/'));

    private StartFailure? Log(ServiceRecord service, ContainerDefinition container, Principal? role, string task)
    {
        if (ContainerLog.Find(container, service.Region) is not { } log)
        {
            return null;
        }

        var arn = $"arn:aws:logs:{log.Region}:{service.Account}:log-group:{log.Group}";
        var denied =
            (log.MakesGroup ? Denied(service, role, "logs:CreateLogGroup", arn) : null)
            ?? Denied(service, role, "logs:CreateLogStream", $"{arn}:log-stream:{log.Stream(task)}")
            ?? Denied(service, role, "logs:PutLogEvents", $"{arn}:log-stream:{log.Stream(task)}");
        return denied is not null ? NotValidated($"AccessDeniedException: {denied}")
            : log.MakesGroup || logs.Find(service.Account, log.Region, log.Group) is not null ? null
            : NotValidated("ResourceNotFoundException: The specified log group does not exist.");
    }

    private static StartFailure NotInitialized(string why) =>
        new(
            FailedToStart,
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve "
                + $"secret from asm or ssm: {why}"
        );

    private static StartFailure NotValidated(string why) =>
        new(
            FailedToStart,
            "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create "
                + $"Cloudwatch log stream: {why}"
        );

    /// <summary>Why the execution role may not do something; <see langword="null"/> when it may.</summary>
    private string? Denied(ServiceRecord service, Principal? role, string action, string resource, string? policy = null)
    {
        if (role is null)
        {
            return $"there is no task execution role to perform {action}";
        }

        try
        {
            world.Api.Check(role, service.Account, [resource], action, policy);
            return null;
        }
        catch (ApiException exception)
        {
            return exception.Message;
        }
    }
}
