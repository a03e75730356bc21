using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Rehearsal;
using Deployer.Rehearsal.CloudFormation;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Ssm;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>A step over the simulated CloudFormation and S3 of the target's account.</summary>
internal sealed class SimulatedStacks : IAsyncDisposable
{
    private const string Bucket = "templates-of-the-target";
    private const string PassKind = "test/pass";
    private const string Trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}""";
    private const string Everything = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private readonly AmazonS3Client _s3;

    private SimulatedStacks(Desk desk)
    {
        (Client, _s3, Parameters) = Clients(desk);
        Bench = new StackBench(desk, Client, _s3, Parameters);
    }

    public IAmazonCloudFormation Client { get; }

    public IAmazonSimpleSystemsManagement Parameters { get; }

    public StackBench Bench { get; }

    public static async Task<SimulatedStacks> Open(params string[] faults)
    {
        var desk = await Desk.Open([.. faults.Select(Faults.Parse)]);
        await desk.World.Do(() =>
        {
            desk.World.OnDue(PassKind, _ => { });
            desk.World.Api.Authorizer = new Authorizer(desk.World);
            var services = SimulatedServices.Build(desk.World, replaced => replaced.AddSingleton(Substitute.For<IEventSource>()));
            desk.World.Api.Register(services.GetRequiredService<S3Service>());
            desk.World.Api.Register(services.GetRequiredService<CloudFormationService>());
            desk.World.Api.Register(services.GetRequiredService<SsmService>());
            new Roles(desk.World).Create(
                new Role
                {
                    Account = StackBench.Account,
                    Name = "deployer-dev-cloudformation",
                    TrustPolicy = Trust,
                    InlinePolicies = { ["all"] = Everything },
                }
            );
        });
        return new SimulatedStacks(desk);
    }

    /// <summary>The account at a moment of AWS's clock, with clients of its own, which whoever enters it disposes.</summary>
    public TargetAccount Enter(DateTime now)
    {
        var (cloudFormation, s3, parameters) = Clients(Bench.Desk);
        return StubbedAccount.With(cloudFormation, s3: s3, parameters: parameters, enteredAt: now);
    }

    private static (IAmazonCloudFormation, AmazonS3Client, IAmazonSimpleSystemsManagement) Clients(Desk desk)
    {
        var credentials = new BasicAWSCredentials(StackBench.Account, "test");
        return (
            new AmazonCloudFormationClient(credentials, desk.Connection.Configure(new AmazonCloudFormationConfig())),
            new AmazonS3Client(credentials, desk.Connection.Configure(new AmazonS3Config { ForcePathStyle = true })),
            new AmazonSimpleSystemsManagementClient(credentials, desk.Connection.Configure(new AmazonSimpleSystemsManagementConfig()))
        );
    }

    /// <summary>Puts a template into a bucket of the account.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> Put(string key, string template)
    {
        await _s3.PutBucketAsync(Bucket);
        await _s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                ContentBody = template,
            }
        );
        return $"https://s3.amazonaws.com/{Bucket}/{key}";
    }

    /// <summary>Creates a stack by hand.</summary>
    public async Task Create(string template, params (string Name, string Value)[] parameters)
    {
        await Client.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = StackBench.StackName,
                TemplateBody = template,
                Capabilities = [Capability.CAPABILITY_AUTO_EXPAND],
                Parameters =
                [
                    .. parameters.Select(parameter => new Parameter { ParameterKey = parameter.Name, ParameterValue = parameter.Value }),
                ],
            }
        );
        await Settled();
    }

    /// <summary>The stack as it is when nobody works on it.</summary>
    public async Task<Stack> Settled(string name = StackBench.StackName)
    {
        for (var pass = 0; pass < 500; pass++)
        {
            var stack = (await Client.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks[0];
            if (stack.StackStatus.Found != StackFound.Wait)
            {
                return stack;
            }

            await Pass();
        }

        throw new TimeoutException("the stack does not settle");
    }

    /// <summary>Enters <c>PrepareStack</c> until the change set can be executed.</summary>
    public async Task Prepare()
    {
        for (var entry = 0; entry < 500; entry++)
        {
            try
            {
                (await Bench.Enter(Bench.Work.Prepare)).ShouldBeNull();
                return;
            }
            catch (NotYetException)
            {
                await Pass();
            }
        }

        throw new TimeoutException("the change set does not become ready");
    }

    /// <summary>Compares and plans the step until its change set was read.</summary>
    public async Task<StepPlan> Plan()
    {
        var comparison = await Bench.Compare();
        for (var entry = 0; entry < 500; entry++)
        {
            try
            {
                return await Bench.Plan(comparison);
            }
            catch (NotYetException)
            {
                await Pass();
            }
        }

        throw new TimeoutException("the change set does not become ready");
    }

    /// <summary>Somebody makes a change set of their own and executes it.</summary>
    public async Task ExecuteByHand(string template)
    {
        var made = await Client.CreateChangeSetAsync(
            new CreateChangeSetRequest
            {
                StackName = StackBench.StackName,
                ChangeSetName = "by-hand",
                TemplateBody = template,
            }
        );
        while (
            (await Client.DescribeChangeSetAsync(new DescribeChangeSetRequest { ChangeSetName = made.Id })).Status
            != ChangeSetStatus.CREATE_COMPLETE
        )
        {
            await Pass();
        }

        await Client.ExecuteChangeSetAsync(new ExecuteChangeSetRequest { ChangeSetName = made.Id });
        await Settled();
    }

    /// <summary>Enters <c>UpdateStack</c> again and again until it has ended, as the state machine does.</summary>
    public async Task<Outcome> Deploy()
    {
        for (var entry = 0; entry < 500; entry++)
        {
            try
            {
                if (await Bench.Advance() is not Outcome.Running and var ended)
                {
                    return ended;
                }
            }
            catch (NotYetException)
            {
                // The state tries again.
            }

            await Pass();
        }

        throw new TimeoutException("the step does not end");
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        Parameters.Dispose();
        _s3.Dispose();
        return Bench.DisposeAsync();
    }

    private async Task Pass()
    {
        var world = Bench.Desk.World;
        var until = world.Now.AddSeconds(20);
        await world.Do(() => world.Schedule(TimeSpan.FromSeconds(20), PassKind, string.Empty));
        await world.RunUntil(() => world.Now >= until);
        Bench.Now += TimeSpan.FromSeconds(20);
    }
}
