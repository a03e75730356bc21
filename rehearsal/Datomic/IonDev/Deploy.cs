using System.Globalization;
using Amazon.CloudFormation.Model;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>ion-dev's <c>:deploy</c>: works out what the group's Lambdas need and starts <c>datomic-group</c>.</summary>
/// <remarks>https://docs.datomic.com/cloud/ions/ions-reference.html#deploy</remarks>
internal sealed class Deploy(IonDevClients clients, long startedAt)
{
    public async Task<EdnMap> Run(string group, Revision revision)
    {
        var stack = (
            await clients.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = group }, clients.Ended)
        ).Stacks[0];
        var outputs = (stack.Outputs ?? []).ToDictionary(output => output.OutputKey, output => output.OutputValue);
        var application =
            outputs.GetValueOrDefault("CodeDeployApplicationName")
            ?? throw new CommandFailedException($"The stack {group} is no compute group: it has no output CodeDeployApplicationName.");
        var machine =
            outputs.GetValueOrDefault("DeployStateMachine")
            ?? throw new CommandFailedException($"The stack {group} is no compute group: it has no output DeployStateMachine.");

        var bucket = await CodeBucket.Find(clients);
        var key = revision.Key(application);
        var wanted = await bucket.Config(key);
        var former = await FormerLambdas(bucket, application, group);
        var difference = await LambdaDifference.Find(clients, group, wanted.Lambdas, former);
        var execution = await clients.StepFunctions.StartExecutionAsync(
            new StartExecutionRequest
            {
                StateMachineArn = machine,
                Name = string.Create(CultureInfo.InvariantCulture, $"{group}-{revision.Name}-{startedAt}"),
                Input = DeployInput.Write(application, group, bucket.Name, key, difference),
            },
            clients.Ended
        );

        var arn = new Symbol(execution.ExecutionArn);
        var command = new EdnMap([new(new Keyword("op"), new Keyword("deploy-status")), new(new Keyword("execution-arn"), arn)]);
        return new EdnMap([
            new(new Keyword("execution-arn"), arn),
            new(new Keyword("status-command"), $"clojure -A:ion-dev '{EdnWriter.Write(command)}'"),
            new(new Keyword("doc"), "To check the status of your deployment, issue the :status-command."),
        ]);
    }

    /// <summary>The names of Lambdas that revisions before this one asked for: those no longer wanted are to be deleted.</summary>
    private async Task<HashSet<string>> FormerLambdas(CodeBucket bucket, string application, string group)
    {
        var succeeded = await clients.CodeDeploy.ListDeploymentsAsync(
            new ListDeploymentsRequest
            {
                ApplicationName = application,
                DeploymentGroupName = group,
                IncludeOnlyStatuses = [DeploymentStatus.Succeeded],
            },
            clients.Ended
        );
        var names = new HashSet<string>();
        var keys = new HashSet<string>();
        foreach (var id in succeeded.Deployments ?? [])
        {
            var deployment = (
                await clients.CodeDeploy.GetDeploymentAsync(new GetDeploymentRequest { DeploymentId = id }, clients.Ended)
            ).DeploymentInfo;
            if (deployment.Revision?.S3Location is { } location && keys.Add(location.Key) && await bucket.Has(location.Key))
            {
                names.UnionWith((await bucket.Config(location.Key)).Lambdas.Select(lambda => lambda.Name));
            }
        }

        return names;
    }
}
