using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

/// <summary>A world with the services that stacks make resources of, in one account.</summary>
internal sealed class SimulatedCloud : IAsyncDisposable
{
    public const string Account = TestAws.Tools;
    private const string Packages = "packages";
    private TestAws _aws = null!;

    public AmazonCloudFormationClient Stacks { get; private set; } = null!;

    public AmazonS3Client S3 { get; private set; } = null!;

    public RehearsalWorld World => _aws.World;

    public T Service<T>()
        where T : notnull => _aws.Service<T>();

    public static async Task<SimulatedCloud> Start()
    {
        var cloud = new SimulatedCloud();
        cloud._aws = await TestAws.StartAll();
        cloud.Stacks = cloud.Client(
            config => new AmazonCloudFormationClient(TestAws.Root(Account), config),
            new AmazonCloudFormationConfig()
        );
        cloud.S3 = cloud.Client(config => new AmazonS3Client(TestAws.Root(Account), config), new AmazonS3Config { ForcePathStyle = true });
        await cloud.S3.PutBucketAsync(Packages);
        return cloud;
    }

    public TClient Client<TClient, TConfig>(Func<TConfig, TClient> make, TConfig config)
        where TConfig : Amazon.Runtime.ClientConfig => make(_aws.Configure(config));

    /// <summary>Creates or updates a stack from a template of the repository or from text; fails with the stack's own reasons.</summary>
    public async Task<Stack> Deploy(string name, string template, params (string Key, string Value)[] parameters)
    {
        var url = await Package(template);
        List<Parameter> given = [.. parameters.Select(p => new Parameter { ParameterKey = p.Key, ParameterValue = p.Value })];
        List<string> capabilities = [Capability.CAPABILITY_NAMED_IAM, Capability.CAPABILITY_AUTO_EXPAND];
        if (
            (
                await Stacks.ListStacksAsync(
                    new ListStacksRequest { StackStatusFilter = [StackStatus.CREATE_COMPLETE, StackStatus.UPDATE_COMPLETE] }
                )
            ).StackSummaries?.Exists(s => s.StackName == name) == true
        )
        {
            await Stacks.UpdateStackAsync(
                new UpdateStackRequest
                {
                    StackName = name,
                    TemplateURL = url,
                    Parameters = given,
                    Capabilities = capabilities,
                }
            );
        }
        else
        {
            await Stacks.CreateStackAsync(
                new CreateStackRequest
                {
                    StackName = name,
                    TemplateURL = url,
                    Parameters = given,
                    Capabilities = capabilities,
                }
            );
        }

        return await Settled(name);
    }

    public async Task<Stack> Settled(string name)
    {
        while (true)
        {
            var stack = (await Stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks.Single();
            if (stack.StackStatus.Value is "CREATE_COMPLETE" or "UPDATE_COMPLETE" or "DELETE_COMPLETE")
            {
                return stack;
            }

            if (stack.StackStatus.Value is "ROLLBACK_COMPLETE" or "UPDATE_ROLLBACK_COMPLETE" or "DELETE_FAILED")
            {
                var events = (
                    await Stacks.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = stack.StackId })
                ).StackEvents;
                throw new InvalidOperationException(
                    string.Join(
                        '\n',
                        events
                            .Where(e => e.ResourceStatus.Value is "CREATE_FAILED" or "UPDATE_FAILED" or "DELETE_FAILED")
                            .Select(e => $"{e.LogicalResourceId}: {e.ResourceStatusReason}")
                    )
                );
            }

            var before = World.Now;
            await World.RunUntil(() => World.Now > before);
        }
    }

    public async Task<Stack> Delete(Stack stack)
    {
        await Stacks.DeleteStackAsync(new DeleteStackRequest { StackName = stack.StackId });
        return await Settled(stack.StackId);
    }

    public async ValueTask DisposeAsync()
    {
        Stacks.Dispose();
        S3.Dispose();
        await _aws.DisposeAsync();
    }

    private async Task<string> Package(string template)
    {
        var uploads = new List<(string Key, string Text)>();
        var packaged = LocalArtifacts.Replace(
            TemplateText.Read(template),
            artifact =>
            {
                var key = artifact.Path.TrimEnd('/').Replace('/', '-');
                uploads.Add((key, artifact.Property == "DefinitionUri" ? Repository.Text(artifact.Path) : "an archive"));
                return new Deployer.Rehearsal.CloudFormation.Templates.S3Location(Packages, key);
            }
        );
        uploads.Add(("template.json", packaged.ToJsonString()));
        foreach (var (key, text) in uploads)
        {
            await S3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = Packages,
                    Key = key,
                    ContentBody = text,
                }
            );
        }

        return $"https://s3.amazonaws.com/{Packages}/template.json";
    }
}
