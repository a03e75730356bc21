using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Failure = Deployer.Functions.Errors.Failure;

namespace Deployer.Functions.Services;

/// <summary>
/// Registers a revision of a task definition once: <c>RegisterTaskDefinition</c> has no client token, so that each request that reaches ECS
/// is another revision, https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
/// </summary>
internal static class DefinitionRegistration
{
    // "Amazon ECS API follows an eventual consistency model", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    private static readonly TimeSpan Visible = TimeSpan.FromMinutes(1);

    /// <summary>The ARN of the revision: the newest one where it was made of the same, or a new one.</summary>
    /// <param name="run">The step.</param>
    /// <param name="request">What is registered.</param>
    /// <param name="isMade">Whether a revision with these tags was registered for exactly this.</param>
    /// <param name="asked">When an entry before was about to register it, by AWS's clock; <see langword="null"/> when none was.</param>
    /// <param name="note">Writes down that this one is.</param>
    /// <exception cref="NotYetException">An entry before may have registered it, and ECS may not show it yet.</exception>
    public static async Task<string> Register(
        StepRun run,
        RegisterTaskDefinitionRequest request,
        Func<IReadOnlyList<Tag>?, bool> isMade,
        DateTime? asked,
        Func<System.Threading.Tasks.Task> note
    )
    {
        if (await Newest(run, request.Family) is { } newest && isMade(newest.Tags))
        {
            return newest.TaskDefinition.TaskDefinitionArn;
        }

        if (asked is not null && run.Since(asked) < Visible)
        {
            throw new NotYetException($"a revision of {request.Family} that was about to be registered may not be visible yet");
        }

        await note();

        // The SDK would send it again where only the answer was lost.
        using var once = run.Account.Connection?.Open(
            (credentials, config) =>
            {
                config.MaxErrorRetry = 0;
                return new AmazonECSClient(credentials, config);
            },
            new AmazonECSConfig(),
            run.Account.Region
        );
        try
        {
            var registered = await EcsRefusal.Explained(
                run,
                () => ((IAmazonECS?)once ?? run.Account.Ecs).RegisterTaskDefinitionAsync(request)
            );
            return registered.TaskDefinition.TaskDefinitionArn;
        }
        catch (Exception exception) when (Failure.Translate(exception).IsTransient)
        {
            return await Newest(run, request.Family) is { } found && isMade(found.Tags)
                ? found.TaskDefinition.TaskDefinitionArn
                : throw Failure.Translate(exception, run.Secrets);
        }
    }

    /// <summary>A revision with its tags.</summary>
    /// <param name="run">The step.</param>
    /// <param name="definition">Its ARN, or a family for the newest one.</param>
    public static Task<DescribeTaskDefinitionResponse> Describe(StepRun run, string definition) =>
        run.Account.Ecs.DescribeTaskDefinitionAsync(
            new DescribeTaskDefinitionRequest { TaskDefinition = definition, Include = [TaskDefinitionField.TAGS.Value] }
        );

    /// <summary>
    /// Whether a service can be updated to a revision: one that was deregistered goes on to run where it runs, and can be described, but
    /// not deployed, https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    /// </summary>
    public static bool IsDeployable(this TaskDefinition definition) => definition.Status == TaskDefinitionStatus.ACTIVE;

    /// <summary>The newest revision with its tags; <see langword="null"/> for a family that has none.</summary>
    private static async Task<DescribeTaskDefinitionResponse?> Newest(StepRun run, string family)
    {
        try
        {
            return await Describe(run, family);
        }
        catch (ClientException)
        {
            // "Unable to describe task definition.": there is none of the name.
            return null;
        }
    }
}
