using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Amazon.CloudFormation.Model;
using Amazon.CloudWatchLogs.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>A small service that was deployed, and whose stacks others change afterwards.</summary>
internal sealed class ChangedTarget : IAsyncDisposable
{
    /// <summary>The deployer's accounts of the example.</summary>
    public const string TargetAccount = "111111111111";

    /// <summary>What the deployer's sweep may take until it looks, and a minute for what it starts.</summary>
    private static readonly TimeSpan UntilLooked = TimeSpan.FromMinutes(12);

    private static readonly ConcurrentDictionary<string, Lazy<Task<ChangedTarget>>> Prepared = new(StringComparer.Ordinal);

    private readonly TemporaryFolder _folder = new();

    private ChangedTarget() { }

    public SimulatedAccounts Accounts { get; private set; } = null!;

    public string Service { get; private set; } = null!;

    /// <summary>The folder of its own.</summary>
    public string Folder => _folder.Path;

    public string State => Path.Combine(_folder.Path, "state");

    /// <summary>Deploys the service.</summary>
    /// <param name="keys">Further keys of its target, such as <c>onStackChange: redeploy</c>.</param>
    public static async Task<ChangedTarget> Deploy(string keys = "")
    {
        var changed = new ChangedTarget();
        changed.Service = CommandLine.CopyInventory(changed._folder.Path);
        await SmallService.WriteAlone(
            changed.Service,
            """
              first:
                stack: inventory-${target}-first
                template: stacks/first.yaml
              second:
                stack: inventory-${target}-second
                template: stacks/second.yaml
                parameters: { Of: "${steps.first.outputs.Days}" }
                after: [ first ]
              third:
                stack: inventory-${target}-third
                template: stacks/third.yaml
            """
        );
        await changed.Keys(keys);
        await File.WriteAllTextAsync(Path.Combine(changed.Service, "stacks", "first.yaml"), Template("first", 1));
        await File.WriteAllTextAsync(
            Path.Combine(changed.Service, "stacks", "second.yaml"),
            $"Parameters: {{ Of: {{ Type: String }} }}\n{Template("second", 1)}"
        );
        await File.WriteAllTextAsync(Path.Combine(changed.Service, "stacks", "third.yaml"), Template("third", 1));
        if (keys.Contains("approval", StringComparison.Ordinal))
        {
            await changed.Open();
            await changed.Accounts.DisposeAsync();
            await changed.DeployApproved();
            await changed.Reopen();
        }
        else
        {
            await changed.Open();
            (await changed.Accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
        }

        return changed;
    }

    /// <summary>
    /// A target of the caller's own in which the service was deployed with these keys: a copy of one that all callers share.
    /// </summary>
    /// <inheritdoc cref="Deploy"/>
    public static async Task<ChangedTarget> CopyDeployed(string keys)
    {
        var prepared = await Prepared.GetOrAdd(keys, _ => new Lazy<Task<ChangedTarget>>(() => Prepare(keys))).Value;
        var copy = new ChangedTarget();
        Folders.Copy(prepared.Folder, copy.Folder);
        copy.Service = Path.Combine(copy.Folder, Path.GetRelativePath(prepared.Folder, prepared.Service));
        await copy.Open();
        return copy;
    }

    private static async Task<ChangedTarget> Prepare(string keys)
    {
        var prepared = await Deploy(keys);
        await prepared.Accounts.DisposeAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => prepared._folder.Dispose();
        return prepared;
    }

    private async Task DeployApproved()
    {
        var deployed = await CommandLine.InProcess("deploy", Service, "--target", "dev", "--state", State);
        if (deployed.Report.Verdict == Verdict.WaitingForApproval)
        {
            deployed = await CommandLine.InProcess("approve", deployed.Report.Plan!.Plan, "--rehearsed", State);
        }

        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Report.Cause);
    }

    /// <summary>Writes further keys of the target.</summary>
    public Task Keys(string keys) =>
        keys.Length == 0
            ? Task.CompletedTask
            : SmallService.Change(Service, "deployer.yaml", "region: us-east-1, ", $"region: us-east-1, {keys}, ");

    /// <summary>Opens the accounts, again where they are open.</summary>
    public async Task Open()
    {
        if (Accounts is not null)
        {
            await Accounts.DisposeAsync();
        }

        Accounts = await SimulatedAccounts.OpenService(Service, State);
    }

    /// <summary>Opens the accounts again after another program has worked in them.</summary>
    public async Task Reopen(params string[] faults) => Accounts = await SimulatedAccounts.OpenService(Service, State, faults);

    /// <summary>The looks so far, the oldest first.</summary>
    public Task<IReadOnlyList<LookRecord>> Looks() => Accounts.Tools.Ledger("dev").Query(LookRecord.All("inventory", "dev"));

    /// <summary>The executions of a machine of the deployer, as they were started.</summary>
    public async Task<IReadOnlyList<ExecutionState>> Executions(string machine = "deployer-dev-deploy") =>
        [.. (await Accounts.Rehearsal.Executions()).Where(execution => execution.MachineName == machine)];

    /// <summary>Somebody updates a stack in the console.</summary>
    /// <param name="name">first, second or third.</param>
    /// <param name="days">The retention of its log group.</param>
    public Task UpdateByHand(string name, int days) =>
        Accounts.Target.CloudFormation.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = $"inventory-dev-{name}",
                TemplateBody =
                    name == "second" ? $"Parameters: {{ Of: {{ Type: String }} }}\n{Template(name, days)}" : Template(name, days),
                Parameters =
                    name == "second" ? [new Amazon.CloudFormation.Model.Parameter { ParameterKey = "Of", UsePreviousValue = true }] : null,
                ClientRequestToken = "Console-UpdateStack-1",
            }
        );

    /// <summary>Lets time pass until a deployment runs.</summary>
    /// <returns>ARN of its execution.</returns>
    public async Task<string> RunningDeployment()
    {
        for (var look = 0; look < 60; look++)
        {
            await Accounts.Rehearsal.Pass(TimeSpan.FromSeconds(2));
            if ((await Executions()).FirstOrDefault(execution => execution.Status == ExecutionStatus.Running) is { } running)
            {
                return running.Arn;
            }
        }

        throw new InvalidOperationException("no deployment has begun");
    }

    /// <summary>Lets so much time pass that every change is looked at and what follows has ended.</summary>
    public Task PassLooks() => Accounts.Rehearsal.Pass(UntilLooked);

    /// <summary>How often the functions have counted an ignored event, by the reason, as CloudWatch reads it from their log.</summary>
    public async Task<int> Ignored(string reason)
    {
        var found = await Accounts.InTools<FilterLogEventsResponse>(
            new FilterLogEventsRequest { LogGroupName = "/aws/lambda/deployer-dev", FilterPattern = "IgnoredEvents" }
        );
        return (found.Events ?? []).Count(line => line.Message.Contains($"\"Reason\":\"{reason}\"", StringComparison.Ordinal));
    }

    /// <summary>The retention of a stack's log group.</summary>
    public async Task<string> Days(string name) =>
        (await Accounts.Target.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = $"inventory-dev-{name}" }))
            .Stacks[0]
            .Outputs.Single()
            .OutputValue;

    /// <summary>The id of a stack.</summary>
    public async Task<string> StackId(string name) =>
        (await Accounts.Target.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = $"inventory-dev-{name}" }))
            .Stacks[0]
            .StackId;

    /// <summary>Has an event reach the deployer, as often as it is said.</summary>
    public async Task Send(string stackId, string status, string token = "", string account = TargetAccount, DateTimeOffset? at = null)
    {
        var time = (at ?? Accounts.Rehearsal.World.Now).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var text = $$"""
            {"version":"0","id":"1","source":"aws.cloudformation","account":"{{account}}","region":"us-east-1",
            "detail-type":"CloudFormation Stack Status Change","time":"{{time}}","resources":["{{stackId}}"],
            "detail":{"stack-id":"{{stackId}}","status-details":{"status":"{{status}}","status-reason":""},
            "client-request-token":"{{token}}"} }
            """;
        await Accounts.InTools<InvokeResponse>(
            new InvokeRequest
            {
                FunctionName = "deployer-dev-Resume",
                InvocationType = InvocationType.Event,
                PayloadStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Accounts.DisposeAsync();
        _folder.Dispose();
    }

    private static string Template(string name, int days) =>
        $$"""
            Resources:
              Log:
                Type: AWS::Logs::LogGroup
                Properties: { LogGroupName: inventory-dev-{{name}}, RetentionInDays: {{days}} }
            Outputs:
              Days: { Value: "{{days}}" }

            """;
}
