using Amazon.CloudWatchLogs;
using Amazon.CodeBuild;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.EventBridge;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;

namespace Deployer.Functions.Accounts;

/// <summary>The services of the deployer's own account, and the way into the accounts it deploys to.</summary>
public interface IAws
{
    /// <summary>The deployer's table.</summary>
    IAmazonDynamoDB DynamoDB { get; }

    /// <summary>The deployer's bucket.</summary>
    IAmazonS3 S3 { get; }

    /// <summary>The deployer's state machines and their task tokens.</summary>
    IAmazonStepFunctions StepFunctions { get; }

    /// <summary>The builds that run ion-dev.</summary>
    IAmazonCodeBuild CodeBuild { get; }

    /// <summary>The logs of these builds.</summary>
    IAmazonCloudWatchLogs Logs { get; }

    /// <summary>The pipelines whose jobs are answered.</summary>
    IAmazonCodePipeline CodePipeline { get; }

    /// <summary>The default bus, on which notifications are put.</summary>
    IAmazonEventBridge EventBridge { get; }

    /// <summary>The topic of notifications.</summary>
    IAmazonSimpleNotificationService SimpleNotificationService { get; }

    /// <summary>S3 with a job's own credentials, which reach the pipeline's artifacts.</summary>
    IAmazonS3 S3With(AWSCredentials credentials);

    /// <summary>
    /// Assumes the target's role, afresh: a chained session lasts an hour at most and is never kept beyond an invocation.
    /// </summary>
    /// <param name="account">The target's account.</param>
    /// <param name="region">The target's region.</param>
    /// <param name="session">The session's name, so that the account's trail shows which deployment it was.</param>
    Task<TargetAccount> Enter(string account, string region, string session);
}
