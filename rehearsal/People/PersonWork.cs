using Amazon.AutoScaling.Model;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.S3.Model;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Wire;
using Environment = Amazon.Lambda.Model.Environment;

namespace Deployer.Rehearsal.People;

/// <summary>Does one thing of a schedule: the requests that it takes, one after another, until it is done or refused.</summary>
/// <param name="clients">The person's clients.</param>
/// <param name="who">The person.</param>
internal sealed class PersonWork(PersonClients clients, string who)
{
    private readonly List<string> _answers = [];

    /// <summary>AWS's answer to each request that has been answered, in their order.</summary>
    public IReadOnlyList<string> Answers => _answers;

    /// <summary>Does it.</summary>
    /// <param name="act">What.</param>
    /// <param name="execution">The execution that it is about, where it is about one.</param>
    /// <param name="name">The name of an execution that it starts, or of the change set of a stack that it changes.</param>
    /// <param name="prepared">What it deploys, where it does.</param>
    /// <returns>Why it was not done; <see langword="null"/> when it was.</returns>
    public async Task<string?> Do(PersonAct act, string? execution, string name, PreparedDeployment? prepared)
    {
        try
        {
            return await Begin(act, execution, name, prepared);
        }
        catch (NotDoneException exception)
        {
            return exception.Message;
        }
        finally
        {
            clients.Dispose();
        }
    }

    /// <summary>Has somebody else make the requests, who knows what a plan is.</summary>
    /// <param name="gateway">Where they arrive.</param>
    /// <param name="decide">Makes them.</param>
    /// <returns>Why it was not done; <see langword="null"/> when it was.</returns>
    public async Task<string?> Decide(Gateway gateway, Func<HttpMessageHandler, Task<string?>> decide)
    {
        using var http = new AnswersRead(new InMemoryTransport(gateway), _answers.Add);
        try
        {
            return await decide(http);
        }
        catch (AmazonServiceException exception) when (exception.ErrorCode is { Length: > 0 } code)
        {
            return $"{code}: {exception.Message}";
        }
        catch (Exception exception) when (exception is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            return "AWS did not answer";
        }
        finally
        {
            clients.Dispose();
        }
    }

    private async Task<string?> Begin(PersonAct act, string? execution, string name, PreparedDeployment? prepared)
    {
        switch (act)
        {
            case PersonAct.Stop:
                await Send(
                    clients.StepFunctions.StopExecutionAsync(
                        new StopExecutionRequest { ExecutionArn = execution, Cause = $"stopped by {who}" }
                    )
                );
                break;
            case PersonAct.Redrive:
                await Send(clients.StepFunctions.RedriveExecutionAsync(new RedriveExecutionRequest { ExecutionArn = execution }));
                break;
            case PersonAct.Deploy:
                await Deploy(name, prepared!);
                break;
            case PersonAct.CreateChangeSet create:
                await CreateChangeSet(create.Change, create.Name);
                break;
            case PersonAct.ExecuteChangeSet execute:
                await Execute(execute.Stack, execute.Name);
                break;
            case PersonAct.ChangeStack change:
                await CreateChangeSet(change.Change, name);
                await Execute(change.Change.Stack, name);
                break;
            case PersonAct.DeleteStack delete:
                // DeleteStack answers OK for a stack that does not exist:
                // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
                await Send(clients.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = delete.Stack }));
                await Send(clients.CloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = delete.Stack }));
                break;
            case PersonAct.MoveAlias move:
                await Send(
                    clients.Lambda.UpdateAliasAsync(
                        new UpdateAliasRequest
                        {
                            FunctionName = move.Function,
                            Name = move.Alias,
                            FunctionVersion = move.Version,
                        }
                    )
                );
                break;
            case PersonAct.SetVariables set:
                await SetVariables(set);
                break;
            case PersonAct.TurnOff off:
                await TurnOff(off.Group);
                break;
            default:
                throw new InvalidOperationException($"nobody makes requests to {act.Words}");
        }

        return null;
    }

    private async Task Deploy(string name, PreparedDeployment prepared)
    {
        await Send(
            clients.S3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = prepared.Bucket,
                    Key = prepared.Key,
                    InputStream = new MemoryStream(prepared.Source),
                }
            )
        );
        await Send(
            clients.StepFunctions.StartExecutionAsync(
                new StartExecutionRequest
                {
                    StateMachineArn = prepared.Machine,
                    Name = name,
                    Input = prepared.Input,
                }
            )
        );
    }

    private async Task CreateChangeSet(StackChange change, string name)
    {
        var described = await Send(clients.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = change.Stack }));
        var known = (described.Stacks[0].Parameters ?? []).Select(parameter => parameter.ParameterKey);
        var made = await Send(
            clients.CloudFormation.CreateChangeSetAsync(
                new CreateChangeSetRequest
                {
                    StackName = change.Stack,
                    ChangeSetName = name,
                    ChangeSetType = ChangeSetType.UPDATE,
                    UsePreviousTemplate = true,
                    Capabilities = [Capability.CAPABILITY_NAMED_IAM, Capability.CAPABILITY_AUTO_EXPAND],
                    Parameters =
                    [
                        .. known
                            .Where(key => !change.Parameters.ContainsKey(key))
                            .Select(key => new Parameter { ParameterKey = key, UsePreviousValue = true }),
                        .. change.Parameters.Select(changed => new Parameter
                        {
                            ParameterKey = changed.Key,
                            ParameterValue = changed.Value,
                        }),
                    ],
                    Tags =
                        change.Tags.Count == 0
                            ? null
                            : [.. change.Tags.Select(tag => new Amazon.CloudFormation.Model.Tag { Key = tag.Key, Value = tag.Value })],
                }
            )
        );
        while (true)
        {
            var changeSet = await Send(
                clients.CloudFormation.DescribeChangeSetAsync(new DescribeChangeSetRequest { ChangeSetName = made.Id })
            );
            if (changeSet.Status == ChangeSetStatus.CREATE_COMPLETE)
            {
                return;
            }

            if (changeSet.Status == ChangeSetStatus.FAILED)
            {
                throw new NotDoneException($"the change set {name} failed: {changeSet.StatusReason}");
            }
        }
    }

    private Task Execute(string stack, string name) =>
        Send(clients.CloudFormation.ExecuteChangeSetAsync(new ExecuteChangeSetRequest { StackName = stack, ChangeSetName = name }));

    private async Task SetVariables(PersonAct.SetVariables set)
    {
        var configuration = await Send(
            clients.Lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = set.Function })
        );
        var variables = new Dictionary<string, string>(configuration.Environment?.Variables ?? []);
        foreach (var (name, value) in set.Variables)
        {
            variables[name] = value;
        }

        await Send(
            clients.Lambda.UpdateFunctionConfigurationAsync(
                new UpdateFunctionConfigurationRequest
                {
                    FunctionName = set.Function,
                    Environment = new Environment { Variables = variables },
                }
            )
        );
    }

    private async Task TurnOff(string name)
    {
        var groups = await Send(
            clients.AutoScaling.DescribeAutoScalingGroupsAsync(
                new DescribeAutoScalingGroupsRequest { Filters = [new() { Name = "tag:datomic:tx-group", Values = [name] }] }
            )
        );
        if (groups.AutoScalingGroups is not { Count: > 0 })
        {
            groups = await Send(
                clients.AutoScaling.DescribeAutoScalingGroupsAsync(new DescribeAutoScalingGroupsRequest { AutoScalingGroupNames = [name] })
            );
        }

        if (groups.AutoScalingGroups is not { Count: > 0 } found)
        {
            throw new NotDoneException($"there is no Auto Scaling group of the compute group {name}, nor of this name");
        }

        foreach (var group in found)
        {
            await Send(
                clients.AutoScaling.UpdateAutoScalingGroupAsync(
                    new UpdateAutoScalingGroupRequest
                    {
                        AutoScalingGroupName = group.AutoScalingGroupName,
                        MinSize = 0,
                        DesiredCapacity = 0,
                    }
                )
            );
        }
    }

    private async Task<T> Send<T>(Task<T> request)
    {
        try
        {
            var answer = await request;
            _answers.Add("OK");
            return answer;
        }
        catch (AmazonServiceException exception) when (exception.ErrorCode is { Length: > 0 } code)
        {
            _answers.Add($"{code}: {exception.Message}");
            throw new NotDoneException(_answers[^1]);
        }
        catch (Exception exception) when (exception is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            _answers.Add("no answer");
            throw new NotDoneException("AWS did not answer");
        }
    }

    private sealed class NotDoneException(string message) : Exception(message);
}
