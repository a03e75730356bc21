using System.IO.Compression;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Tests.DynamoDB;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Tag = Amazon.CloudFormation.Model.Tag;

namespace Deployer.Rehearsal.Tests.SecondServer;

/// <summary>
/// Our clients make the same calls to moto's server and to the rehearsal: the typed results are the same. Where moto is
/// known to be unlike AWS the step is named in <see cref="Differences"/> with the reason.
/// </summary>
public sealed partial class ClientsAgainstMotoTests(MotoServer moto) : IClassFixture<MotoServer>
{
    /// <summary>Steps that end differently, each with what AWS does and so which of the two is right.</summary>
    private static readonly Dictionary<string, string> Differences = new()
    {
        ["described change"] =
            "moto compares templates only and shows no change when a parameter's value is all that changes; AWS shows the resources "
            + "that it reaches",
        ["changed"] = "moto keeps the outputs of before when only a parameter's value changes; AWS evaluates them again",
        ["id of the deployment"] = "moto makes a UUID of it; AWS's begin with d-",
        ["assume with a name that is none"] = "moto does not check the session's name; AWS answers ValidationError",
        ["assume for too long"] =
            "moto does not check the session's duration; AWS answers ValidationError above the role's MaxSessionDuration",
        ["balancers of the service"] = "moto takes every load balancer of a stack for an application load balancer; AWS heeds its Type",
        ["state of the new one"] = "moto's endpoint is available at once; AWS's is pending first",
        ["describe the endpoint"] = "moto leaves out requesterManaged; AWS always says it",
        ["names"] = "moto gives one name under the service's own; AWS's are regional and for each zone, under vpce.amazonaws.com",
        ["create in no subnet"] =
            "moto answers InvalidSubnetID.NotFound, as other operations of EC2 do; this one of AWS answers InvalidSubnetId.NotFound",
        ["create for no service"] = "moto takes any service's name; AWS answers InvalidServiceName",
        ["delete nothing"] = "moto keeps silent; AWS lists the endpoints that it did not delete",
        ["update with a revision of before"] = "moto does not heed RevisionId; AWS answers PreconditionFailedException",
        ["definition of no size"] =
            "moto takes any size; AWS answers ClientException for a pair of CPU and memory that Fargate does not have",
        ["another service of the name"] =
            "moto puts it in the place of the first; AWS answers InvalidParameterException: creation of service was not idempotent",
        ["service without a network"] =
            "moto takes it; AWS answers InvalidParameterException: the network mode awsvpc needs a network configuration",
        ["deployments of the update"] =
            "moto changes the service and leaves its deployment as it was; AWS begins a deployment of the new definition",
        ["tasks of the service"] = "moto starts no tasks for services; AWS does",
        ["update after the end"] = "moto updates a deleted service; AWS answers ServiceNotActiveException",
    };

    [Fact]
    public Task Stacks_and_change_sets() =>
        Compare(async steps =>
        {
            using var stacks = new AmazonCloudFormationClient(steps.Credentials, steps.Configure(new AmazonCloudFormationConfig()));
            const string Template = """
                {"AWSTemplateFormatVersion":"2010-09-09","Parameters":{"Text":{"Type":"String","Default":"one"}},
                 "Resources":{"Parameter":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/stack/parameter","Type":"String",
                   "Value":{"Ref":"Text"}}}},
                 "Outputs":{"Name":{"Value":{"Ref":"Parameter"}},"Text":{"Value":{"Ref":"Text"}}}}
                """;
            var create = new CreateStackRequest
            {
                StackName = "stack",
                TemplateBody = Template,
                Tags = [new Tag { Key = "team", Value = "inventory" }],
            };
            await steps.Note("create", () => stacks.CreateStackAsync(create), answer => Api.ArnAccount(answer.StackId));
            await Settled();
            await steps.Note("create again", () => stacks.CreateStackAsync(create), _ => "created");
            await Describe("describe");
            await steps.Note(
                "resources",
                () => stacks.DescribeStackResourcesAsync(new DescribeStackResourcesRequest { StackName = "stack" }),
                answer =>
                    string.Join(
                        ", ",
                        answer.StackResources.Select(resource =>
                            $"{resource.LogicalResourceId} {resource.PhysicalResourceId} {resource.ResourceType} {resource.ResourceStatus}"
                        )
                    )
            );
            await steps.Note(
                "template",
                () => stacks.GetTemplateAsync(new GetTemplateRequest { StackName = "stack" }),
                answer => answer.TemplateBody == Template
            );
            await steps.Note(
                "describe nothing",
                () => stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = "nowhere" }),
                _ => "described"
            );
            await steps.Note(
                "change",
                () =>
                    stacks.CreateChangeSetAsync(
                        new CreateChangeSetRequest
                        {
                            StackName = "stack",
                            ChangeSetName = "change",
                            ChangeSetType = ChangeSetType.UPDATE,
                            UsePreviousTemplate = false,
                            TemplateBody = Template,
                            Parameters = [new Amazon.CloudFormation.Model.Parameter { ParameterKey = "Text", ParameterValue = "two" }],
                        }
                    ),
                answer => Api.ArnAccount(answer.Id)
            );
            var change = new DescribeChangeSetRequest { StackName = "stack", ChangeSetName = "change" };
            await ServerSteps.Until(
                () => stacks.DescribeChangeSetAsync(change),
                answer => answer.Status.Value.EndsWith("COMPLETE", StringComparison.Ordinal)
            );
            await steps.Note(
                "described change",
                () => stacks.DescribeChangeSetAsync(change),
                answer => $"{answer.Status} {answer.ExecutionStatus} {string.Join(", ", answer.Changes.Select(Shown))}"
            );
            await steps.Note(
                "execute",
                () => stacks.ExecuteChangeSetAsync(new ExecuteChangeSetRequest { StackName = "stack", ChangeSetName = "change" }),
                _ => "executed"
            );
            await Settled();
            await Describe("changed");
            await steps.Note("delete", () => stacks.DeleteStackAsync(new DeleteStackRequest { StackName = "stack" }), _ => "deleted");

            Task Settled() =>
                ServerSteps.Until(
                    () => stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = "stack" }),
                    answer =>
                        answer.Stacks[0].StackStatus.Value
                            is "CREATE_COMPLETE"
                                or "UPDATE_COMPLETE"
                                or "ROLLBACK_COMPLETE"
                                or "UPDATE_ROLLBACK_COMPLETE"
                );
            Task Describe(string name) =>
                steps.Note(
                    name,
                    () => stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = "stack" }),
                    answer =>
                        string.Join(
                            "; ",
                            answer.Stacks.Select(stack =>
                                string.Join(
                                    ", ",
                                    [
                                        stack.StackName,
                                        stack.StackStatus,
                                        .. stack.Parameters.Select(parameter => $"{parameter.ParameterKey}={parameter.ParameterValue}"),
                                        .. stack
                                            .Outputs.OrderBy(output => output.OutputKey, StringComparer.Ordinal)
                                            .Select(output => $"{output.OutputKey}={output.OutputValue}"),
                                        .. stack.Tags.Select(tag => $"{tag.Key}={tag.Value}"),
                                    ]
                                )
                            )
                        )
                );
        });

    [Fact]
    public Task Functions_and_their_configuration() =>
        Compare(async steps =>
        {
            using var lambda = new AmazonLambdaClient(steps.Credentials, steps.Configure(new AmazonLambdaConfig()));
            await Role(steps, "function", "lambda");
            await steps.Note(
                "create",
                () =>
                    lambda.CreateFunctionAsync(
                        new CreateFunctionRequest
                        {
                            FunctionName = "consumer",
                            Runtime = Runtime.Nodejs20X,
                            Handler = "index.handler",
                            Role = $"arn:aws:iam::{ServerSteps.Account}:role/function",
                            Code = new FunctionCode { ZipFile = Zip() },
                            Timeout = 30,
                            Environment = new Amazon.Lambda.Model.Environment { Variables = new() { ["DATOMIC_ENDPOINT"] = "before" } },
                        }
                    ),
                answer => answer.FunctionArn
            );
            var get = new GetFunctionConfigurationRequest { FunctionName = "consumer" };
            await ServerSteps.Until(() => lambda.GetFunctionConfigurationAsync(get), answer => answer.State == Amazon.Lambda.State.Active);
            await steps.Note(
                "get",
                () => lambda.GetFunctionConfigurationAsync(get),
                answer =>
                    $"{answer.FunctionName} {answer.Runtime} {answer.Handler} {answer.Role} {answer.Timeout} {answer.MemorySize} "
                    + $"{answer.State} {answer.Version} {answer.PackageType} {Shown(answer.Environment.Variables)}"
            );
            await steps.Note(
                "update",
                () =>
                    lambda.UpdateFunctionConfigurationAsync(
                        new UpdateFunctionConfigurationRequest
                        {
                            FunctionName = "consumer",
                            Environment = new Amazon.Lambda.Model.Environment
                            {
                                Variables = new() { ["DATOMIC_ENDPOINT"] = "after", ["MORE"] = "ü" },
                            },
                        }
                    ),
                answer => Shown(answer.Environment.Variables)
            );
            await steps.Note(
                "update with a revision of before",
                () =>
                    lambda.UpdateFunctionConfigurationAsync(
                        new UpdateFunctionConfigurationRequest
                        {
                            FunctionName = "consumer",
                            RevisionId = "00000000-0000-0000-0000-000000000000",
                            Timeout = 3,
                        }
                    ),
                answer => answer.Timeout
            );
            await steps.Note(
                "list",
                () => lambda.ListFunctionsAsync(new ListFunctionsRequest()),
                answer => string.Join(", ", answer.Functions.Select(function => function.FunctionName))
            );
            await steps.Note(
                "get nothing",
                () => lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = "nowhere" }),
                _ => "got"
            );
        });

    [Fact]
    public Task Parameters() =>
        Compare(async steps =>
        {
            using var ssm = new AmazonSimpleSystemsManagementClient(
                steps.Credentials,
                steps.Configure(new AmazonSimpleSystemsManagementConfig())
            );
            await steps.Note(
                "put",
                () =>
                    ssm.PutParameterAsync(
                        new PutParameterRequest
                        {
                            Name = "/a/b",
                            Value = "1",
                            Type = ParameterType.String,
                        }
                    ),
                answer => answer.Version
            );
            await steps.Note(
                "put again",
                () =>
                    ssm.PutParameterAsync(
                        new PutParameterRequest
                        {
                            Name = "/a/b",
                            Value = "2",
                            Type = ParameterType.String,
                        }
                    ),
                answer => answer.Version
            );
            await steps.Note(
                "overwrite",
                () =>
                    ssm.PutParameterAsync(
                        new PutParameterRequest
                        {
                            Name = "/a/b",
                            Value = "2",
                            Type = ParameterType.String,
                            Overwrite = true,
                        }
                    ),
                answer => answer.Version
            );
            await steps.Note(
                "get",
                () => ssm.GetParameterAsync(new GetParameterRequest { Name = "/a/b" }),
                answer =>
                    $"{answer.Parameter.ARN} {answer.Parameter.Name} {answer.Parameter.Type} {answer.Parameter.Value} "
                    + $"{answer.Parameter.Version} {answer.Parameter.DataType}"
            );
            await steps.Note(
                "get several",
                () => ssm.GetParametersAsync(new GetParametersRequest { Names = ["/a/b", "/a/c"] }),
                answer =>
                    $"{string.Join(", ", answer.Parameters.Select(parameter => parameter.Value))} without "
                    + $"{string.Join(", ", answer.InvalidParameters)}"
            );
            await steps.Note(
                "by path",
                () => ssm.GetParametersByPathAsync(new GetParametersByPathRequest { Path = "/a", Recursive = true }),
                answer => string.Join(", ", answer.Parameters.Select(parameter => parameter.Name))
            );
            await steps.Note("get nothing", () => ssm.GetParameterAsync(new GetParameterRequest { Name = "/nowhere" }), _ => "got");
            await steps.Note("delete", () => ssm.DeleteParameterAsync(new DeleteParameterRequest { Name = "/a/b" }), _ => "deleted");
            await steps.Note("delete again", () => ssm.DeleteParameterAsync(new DeleteParameterRequest { Name = "/a/b" }), _ => "deleted");
        });

    [Fact]
    public Task Objects_and_identities() =>
        Compare(async steps =>
        {
            using var sts = new AmazonSecurityTokenServiceClient(
                steps.Credentials,
                steps.Configure(new AmazonSecurityTokenServiceConfig())
            );
            using var s3 = new AmazonS3Client(steps.Credentials, steps.Configure(new AmazonS3Config { ForcePathStyle = true }));
            await steps.Note("who", () => sts.GetCallerIdentityAsync(new GetCallerIdentityRequest()), answer => answer.Account);
            await Role(steps, "work", "lambda", ServerSteps.Account);
            await steps.Note(
                "assume",
                () =>
                    sts.AssumeRoleAsync(
                        new AssumeRoleRequest
                        {
                            RoleArn = $"arn:aws:iam::{ServerSteps.Account}:role/work",
                            RoleSessionName = "session",
                            DurationSeconds = 900,
                        }
                    ),
                answer =>
                    $"{answer.AssumedRoleUser.Arn} {answer.Credentials.AccessKeyId[..4]} "
                    + $"{answer.Credentials.SessionToken is { Length: > 0 }}"
            );
            var (noName, tooLong) = ("a b", 50000);
            await steps.Note(
                "assume with a name that is none",
                () =>
                    sts.AssumeRoleAsync(
                        new AssumeRoleRequest { RoleArn = $"arn:aws:iam::{ServerSteps.Account}:role/work", RoleSessionName = noName }
                    ),
                _ => "assumed"
            );
            await steps.Note(
                "assume for too long",
                () =>
                    sts.AssumeRoleAsync(
                        new AssumeRoleRequest
                        {
                            RoleArn = $"arn:aws:iam::{ServerSteps.Account}:role/work",
                            RoleSessionName = "session",
                            DurationSeconds = tooLong,
                        }
                    ),
                _ => "assumed"
            );
            await steps.Note("bucket", () => s3.PutBucketAsync("objects-of-a-test"), answer => answer.HttpStatusCode);
            await steps.Note(
                "put",
                () =>
                    s3.PutObjectAsync(
                        new PutObjectRequest
                        {
                            BucketName = "objects-of-a-test",
                            Key = "a b/ü",
                            ContentBody = "content",
                            ContentType = "text/plain",
                            Metadata = { ["note"] = "x" },
                        }
                    ),
                answer => answer.ETag
            );
            await steps.Note(
                "head",
                () => s3.GetObjectMetadataAsync("objects-of-a-test", "a b/ü"),
                answer => $"{answer.ContentLength} {answer.ETag} {answer.Headers.ContentType} {answer.Metadata["note"]}"
            );
            await steps.Note(
                "get",
                async () => (await s3.GetObjectAsync("objects-of-a-test", "a b/ü")).ResponseStream,
                stream => new StreamReader(stream).ReadToEnd()
            );
            await steps.Note(
                "put once",
                () =>
                    s3.PutObjectAsync(
                        new PutObjectRequest
                        {
                            BucketName = "objects-of-a-test",
                            Key = "a b/ü",
                            ContentBody = "other",
                            IfNoneMatch = "*",
                        }
                    ),
                answer => answer.ETag
            );
            await steps.Note(
                "list",
                () => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "objects-of-a-test", Delimiter = "/" }),
                answer => $"{answer.KeyCount} {string.Join(", ", answer.CommonPrefixes ?? [])}"
            );
            await steps.Note("get nothing", () => s3.GetObjectAsync("objects-of-a-test", "nowhere"), answer => answer.ETag);
            await steps.Note("get of nothing", () => s3.GetObjectAsync("no-bucket-of-a-test", "nowhere"), answer => answer.ETag);
            await steps.Note("delete", () => s3.DeleteObjectAsync("objects-of-a-test", "a b/ü"), answer => answer.HttpStatusCode);
        });

    [Fact]
    public Task Tables() =>
        Compare(async steps =>
        {
            using var dynamo = new AmazonDynamoDBClient(steps.Credentials, steps.Configure(new AmazonDynamoDBConfig()));
            await steps.Note(
                "create",
                () =>
                    dynamo.CreateTableAsync(
                        new CreateTableRequest
                        {
                            TableName = "locks",
                            BillingMode = BillingMode.PAY_PER_REQUEST,
                            AttributeDefinitions = [new AttributeDefinition("pk", ScalarAttributeType.S)],
                            KeySchema = [new KeySchemaElement("pk", KeyType.HASH)],
                        }
                    ),
                answer => answer.TableDescription.TableArn
            );
            await ServerSteps.Until(() => dynamo.DescribeTableAsync("locks"), answer => answer.Table.TableStatus == TableStatus.ACTIVE);
            var put = new PutItemRequest
            {
                TableName = "locks",
                Item = new()
                {
                    ["pk"] = new("a"),
                    ["n"] = new() { N = "1" },
                },
                ConditionExpression = "attribute_not_exists(pk)",
            };
            await steps.Note("put", () => dynamo.PutItemAsync(put), answer => answer.HttpStatusCode);
            await steps.Note("put again", () => dynamo.PutItemAsync(put), answer => answer.HttpStatusCode);
            await steps.Note(
                "get",
                () => dynamo.GetItemAsync("locks", new() { ["pk"] = new("a") }, true),
                answer => $"{answer.Item["pk"].S} {answer.Item["n"].N}"
            );
            await steps.Note("scan", () => dynamo.ScanAsync(new ScanRequest { TableName = "locks" }), answer => answer.Count);
            await steps.Note(
                "get of nothing",
                () => dynamo.GetItemAsync("nowhere", new() { ["pk"] = new("a") }, true),
                answer => answer.Item
            );
        });

    [Fact]
    public Task Machines() =>
        Compare(async steps =>
        {
            using var states = new AmazonStepFunctionsClient(steps.Credentials, steps.Configure(new AmazonStepFunctionsConfig()));
            const string Definition = """{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}""";
            var arn = $"arn:aws:states:us-east-1:{ServerSteps.Account}:stateMachine:machine";
            await Role(steps, "machine", "states");
            await steps.Note(
                "create",
                () =>
                    states.CreateStateMachineAsync(
                        new CreateStateMachineRequest
                        {
                            Name = "machine",
                            Definition = Definition,
                            RoleArn = $"arn:aws:iam::{ServerSteps.Account}:role/machine",
                        }
                    ),
                answer => answer.StateMachineArn
            );
            await steps.Note(
                "describe",
                () => states.DescribeStateMachineAsync(new DescribeStateMachineRequest { StateMachineArn = arn }),
                answer => $"{answer.Name} {answer.Status} {answer.Type} {answer.Definition == Definition}"
            );
            await steps.Note(
                "list",
                () => states.ListStateMachinesAsync(new ListStateMachinesRequest()),
                answer => string.Join(", ", answer.StateMachines.Select(machine => machine.Name))
            );
            await steps.Note(
                "start",
                () =>
                    states.StartExecutionAsync(
                        new StartExecutionRequest
                        {
                            StateMachineArn = arn,
                            Name = "one",
                            Input = "{}",
                        }
                    ),
                answer => answer.ExecutionArn
            );
            await steps.Note(
                "start with another input",
                () =>
                    states.StartExecutionAsync(
                        new StartExecutionRequest
                        {
                            StateMachineArn = arn,
                            Name = "one",
                            Input = "{\"a\":1}",
                        }
                    ),
                answer => answer.ExecutionArn
            );
            await steps.Note(
                "start of nothing",
                () => states.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = arn + "-not", Input = "{}" }),
                answer => answer.ExecutionArn
            );
            await steps.Note(
                "describe nothing",
                () =>
                    states.DescribeExecutionAsync(
                        new DescribeExecutionRequest
                        {
                            ExecutionArn = $"arn:aws:states:us-east-1:{ServerSteps.Account}:execution:machine:nowhere",
                        }
                    ),
                answer => answer.Status
            );
        });

    private async Task Compare(Func<ServerSteps, Task> script)
    {
        Assert.SkipWhen(moto.Address is null, moto.Absence);
        var theirs = new ServerSteps(moto.Address!);
        await script(theirs);
        await using var rehearsal = await AwsRehearsal.Open(
            new RehearsalOptions(),
            (_, gateway) =>
                Task.FromResult<ILambdaHost>(
                    new InProcessHost((_, _, _, _, _, _) => throw new InvalidOperationException("no function is invoked"), gateway)
                )
        );
        _ = rehearsal.World.Serve(TimeSpan.FromDays(1), clientPatience: TimeSpan.Zero);
        var ours = new ServerSteps(rehearsal.Address, rehearsal.World.Options.Secret.Administrator);
        await script(ours);

        ours.Seen.Where(Same).ShouldBe(theirs.Seen.Where(Same));
        ours.Seen.Where(seen => !Same(seen)).Intersect(theirs.Seen).ShouldBeEmpty("an explained difference is none any more");
        static bool Same(string seen) => !Differences.ContainsKey(seen[..seen.IndexOf(':', StringComparison.Ordinal)]);
    }

    /// <summary>Makes a role that a service, or an account, may assume. Neither server is asked for it over IAM, which the rehearsal does
    /// not simulate.</summary>
    private static async Task Role(ServerSteps steps, string name, string service, string? account = null)
    {
        using var stacks = new AmazonCloudFormationClient(steps.Credentials, steps.Configure(new AmazonCloudFormationConfig()));
        await stacks.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = $"role-{name}",
                Capabilities = ["CAPABILITY_NAMED_IAM"],
                TemplateBody = $$$"""
                {"Resources":{"Role":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"{{{name}}}","AssumeRolePolicyDocument":
                 {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{{{(
                    account is null ? $$"""{"Service":"{{service}}.amazonaws.com"}""" : $$"""{"AWS":"{{account}}"}"""
                )}}},"Action":"sts:AssumeRole"}] } } } } }
                """,
            }
        );
        await ServerSteps.Until(
            () => stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = $"role-{name}" }),
            answer => answer.Stacks[0].StackStatus == StackStatus.CREATE_COMPLETE
        );
    }

    private static string Shown(Change change) =>
        $"{change.Type} {change.ResourceChange.Action} {change.ResourceChange.LogicalResourceId} {change.ResourceChange.ResourceType}";

    private static string Shown(Dictionary<string, string> variables) =>
        string.Join(
            ", ",
            variables.OrderBy(variable => variable.Key, StringComparer.Ordinal).Select(variable => $"{variable.Key}={variable.Value}")
        );

    private static MemoryStream Zip()
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var code = new StreamWriter(zip.CreateEntry("index.js").Open());
            code.Write("exports.handler = async () => 1");
        }

        return new MemoryStream(bytes.ToArray());
    }
}
