namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>How a resource is called, which decides the events of its history.</summary>
public enum TaskKind
{
    /// <summary>A Lambda function by its ARN.</summary>
    Lambda,

    /// <summary>An activity, taken by workers.</summary>
    Activity,

    /// <summary>An integration, as <c>arn:aws:states:::sqs:sendMessage</c>.</summary>
    Service,
}

/// <summary>How long an integration's task lasts.</summary>
public enum TaskPattern
{
    /// <summary>Until the call is answered.</summary>
    RequestResponse,

    /// <summary>Until the started job ends (<c>.sync</c>, <c>.sync:2</c>).</summary>
    RunJob,

    /// <summary>Until the token comes back (<c>.waitForTaskToken</c>).</summary>
    WaitForTaskToken,
}

/// <summary>The resource of a Task. Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html.</summary>
/// <param name="Arn">The ARN as written.</param>
/// <param name="Kind">How it is called.</param>
/// <param name="Pattern">How long it lasts.</param>
/// <param name="Type">The history's resourceType, as <c>sqs</c> or <c>aws-sdk:sfn</c>.</param>
/// <param name="Name">The history's resource, as <c>sendMessage.waitForTaskToken</c>.</param>
public sealed record TaskResource(string Arn, TaskKind Kind, TaskPattern Pattern, string Type, string Name)
{
    private const string Integration = "arn:aws:states:::";
    private const string Callback = ".waitForTaskToken";

    /// <summary>Whether the task has a token that answers it.</summary>
    public bool HasToken => Kind == TaskKind.Activity || Pattern != TaskPattern.RequestResponse;

    /// <summary>The action without its pattern, as <c>sendMessage</c>.</summary>
    public string Action => Name.Split('.')[0];

    /// <summary>Reads an ARN; null when it is no task's resource.</summary>
    public static TaskResource? Parse(string arn)
    {
        if (!arn.StartsWith(Integration, StringComparison.Ordinal))
        {
            var parts = arn.Split(':');
            return parts is ["arn", _, "lambda", _, _, "function", ..]
                    ? new(arn, TaskKind.Lambda, TaskPattern.RequestResponse, "lambda", arn)
                : parts is ["arn", _, "states", _, _, "activity", _]
                    ? new(arn, TaskKind.Activity, TaskPattern.RequestResponse, "activity", arn)
                : null;
        }

        var rest = arn[Integration.Length..];
        var name = rest.StartsWith("aws-sdk:", StringComparison.Ordinal) ? rest.IndexOf(':', "aws-sdk:".Length) : rest.IndexOf(':');
        if (name <= 0 || name == rest.Length - 1)
        {
            return null;
        }

        var action = rest[(name + 1)..];
        var pattern =
            action.EndsWith(Callback, StringComparison.Ordinal) ? TaskPattern.WaitForTaskToken
            : action.EndsWith(".sync", StringComparison.Ordinal) || action.EndsWith(".sync:2", StringComparison.Ordinal)
                ? TaskPattern.RunJob
            : TaskPattern.RequestResponse;
        return new(arn, TaskKind.Service, pattern, rest[..name], action);
    }
}
