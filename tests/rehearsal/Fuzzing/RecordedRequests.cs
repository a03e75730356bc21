using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.CodeBuild;
using Amazon.CodeDeploy;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.EC2;
using Amazon.ECS;
using Amazon.EventBridge;
using Amazon.Lambda;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using Amazon.StepFunctions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.Fuzzing;

/// <summary>Requests as official clients write them, a few for each service: what is broken afterwards.</summary>
internal sealed class RecordedRequests : HttpClientFactory, IWireEndpoint
{
    private const string Account = "123456789012";
    private static readonly Dictionary<string, Func<RecordedRequests, Task>> Scripts = new()
    {
        ["autoscaling"] = requests =>
            requests.With(
                new AmazonAutoScalingConfig(),
                (key, config) => new AmazonAutoScalingClient(key, config),
                async client =>
                {
                    await Send(() =>
                        client.DescribeAutoScalingGroupsAsync(
                            new() { AutoScalingGroupNames = ["a", "b"], Filters = [new() { Name = "tag:x", Values = ["y"] }] }
                        )
                    );
                    await Send(() =>
                        client.CreateAutoScalingGroupAsync(
                            new()
                            {
                                AutoScalingGroupName = "a",
                                MinSize = 1,
                                MaxSize = 2,
                                LaunchTemplate = new() { LaunchTemplateName = "x" },
                                VPCZoneIdentifier = "subnet-1",
                            }
                        )
                    );
                    await Send(() =>
                        client.UpdateAutoScalingGroupAsync(
                            new()
                            {
                                AutoScalingGroupName = "a",
                                MinSize = 1,
                                DesiredCapacity = 1,
                            }
                        )
                    );
                }
            ),
        ["cloudformation"] = requests =>
            requests.With(
                new AmazonCloudFormationConfig(),
                (key, config) => new AmazonCloudFormationClient(key, config),
                async client =>
                {
                    const string Template =
                        """{"Parameters":{"Text":{"Type":"String","Default":"one"}},"Resources":"""
                        + """{"Parameter":{"Type":"AWS::SSM::Parameter","Properties":"""
                        + """{"Name":"/a","Type":"String","Value":{"Ref":"Text"}}}}}""";
                    await Send(() =>
                        client.CreateStackAsync(
                            new()
                            {
                                StackName = "stack",
                                TemplateBody = Template,
                                Parameters = [new() { ParameterKey = "Text", ParameterValue = "two" }],
                                Tags = [new() { Key = "a", Value = "b" }],
                                Capabilities = ["CAPABILITY_IAM"],
                            }
                        )
                    );
                    await Send(() =>
                        client.CreateChangeSetAsync(
                            new()
                            {
                                StackName = "other",
                                ChangeSetName = "change",
                                ChangeSetType = ChangeSetType.CREATE,
                                TemplateBody = Template,
                                ClientToken = "t",
                            }
                        )
                    );
                    await Send(() => client.DescribeStackEventsAsync(new() { StackName = "stack", NextToken = "x" }));
                    await Send(() => client.DescribeStacksAsync(new() { StackName = "stack" }));
                    await Send(() => client.ListStacksAsync(new() { StackStatusFilter = ["CREATE_COMPLETE"] }));
                    await Send(() => client.GetTemplateAsync(new() { StackName = "stack" }));
                    await Send(() => client.GetTemplateSummaryAsync(new() { StackName = "stack" }));
                    await Send(() => client.DescribeStackResourcesAsync(new() { StackName = "stack" }));
                    await Send(() => client.DeleteStackAsync(new() { StackName = "stack" }));
                }
            ),
        ["codebuild"] = requests =>
            requests.With(
                new AmazonCodeBuildConfig(),
                (key, config) => new AmazonCodeBuildClient(key, config),
                async client =>
                {
                    await Send(() =>
                        client.CreateProjectAsync(
                            new()
                            {
                                Name = "p",
                                Source = new()
                                {
                                    Type = Amazon.CodeBuild.SourceType.NO_SOURCE,
                                    Buildspec = "version: 0.2\nphases: { build: { commands: [ 'true' ] } }",
                                },
                                Artifacts = new() { Type = ArtifactsType.NO_ARTIFACTS },
                                Environment = new()
                                {
                                    Type = EnvironmentType.LINUX_CONTAINER,
                                    Image = "i",
                                    ComputeType = ComputeType.BUILD_GENERAL1_SMALL,
                                },
                                ServiceRole = $"arn:aws:iam::{Account}:role/r",
                            }
                        )
                    );
                    await Send(() => client.BatchGetBuildsAsync(new() { Ids = ["p:1", "p:2"] }));
                    await Send(() => client.ListBuildsForProjectAsync(new() { ProjectName = "p" }));
                    await Send(() => client.StopBuildAsync(new() { Id = "p:1" }));
                }
            ),
        ["codedeploy"] = requests =>
            requests.With(
                new AmazonCodeDeployConfig(),
                (key, config) => new AmazonCodeDeployClient(key, config),
                async client =>
                {
                    await Send(() =>
                        client.CreateApplicationAsync(new() { ApplicationName = "a", ComputePlatform = ComputePlatform.Server })
                    );
                    await Send(() =>
                        client.CreateDeploymentGroupAsync(
                            new()
                            {
                                ApplicationName = "a",
                                DeploymentGroupName = "g",
                                ServiceRoleArn = $"arn:aws:iam::{Account}:role/r",
                                AutoScalingGroups = ["s"],
                            }
                        )
                    );
                    await Send(() =>
                        client.CreateDeploymentAsync(
                            new()
                            {
                                ApplicationName = "a",
                                DeploymentGroupName = "g",
                                Revision = new()
                                {
                                    RevisionType = RevisionLocationType.S3,
                                    S3Location = new()
                                    {
                                        Bucket = "b",
                                        Key = "k",
                                        BundleType = BundleType.Zip,
                                    },
                                },
                            }
                        )
                    );
                    await Send(() =>
                        client.ListDeploymentsAsync(
                            new()
                            {
                                ApplicationName = "a",
                                DeploymentGroupName = "g",
                                CreateTimeRange = new() { Start = DateTime.UnixEpoch },
                            }
                        )
                    );
                    await Send(() => client.BatchGetDeploymentTargetsAsync(new() { DeploymentId = "d-1", TargetIds = ["i-1"] }));
                }
            ),
        ["codepipeline"] = requests =>
            requests.With(
                new AmazonCodePipelineConfig(),
                (key, config) => new AmazonCodePipelineClient(key, config),
                async client =>
                {
                    await Send(() => client.GetPipelineStateAsync(new() { Name = "p" }));
                    await Send(() => client.StartPipelineExecutionAsync(new() { Name = "p" }));
                    await Send(() =>
                        client.PutJobSuccessResultAsync(
                            new()
                            {
                                JobId = "11111111-1111-1111-1111-111111111111",
                                OutputVariables = new() { ["a"] = "b" },
                                ExecutionDetails = new() { PercentComplete = 5 },
                            }
                        )
                    );
                    await Send(() =>
                        client.ListActionExecutionsAsync(
                            new()
                            {
                                PipelineName = "p",
                                Filter = new() { PipelineExecutionId = "x" },
                            }
                        )
                    );
                }
            ),
        ["dynamodb"] = requests =>
            requests.With(
                new AmazonDynamoDBConfig(),
                (key, config) => new AmazonDynamoDBClient(key, config),
                async client =>
                {
                    await Send(() =>
                        client.CreateTableAsync(
                            new()
                            {
                                TableName = "t",
                                BillingMode = BillingMode.PAY_PER_REQUEST,
                                AttributeDefinitions = [new("pk", ScalarAttributeType.S), new("sk", ScalarAttributeType.N)],
                                KeySchema = [new("pk", Amazon.DynamoDBv2.KeyType.HASH), new("sk", Amazon.DynamoDBv2.KeyType.RANGE)],
                            }
                        )
                    );
                    await Send(() =>
                        client.PutItemAsync(
                            new()
                            {
                                TableName = "t",
                                Item = Item(),
                                ConditionExpression = "attribute_not_exists(pk) OR #v < :v",
                                ExpressionAttributeNames = new() { ["#v"] = "v" },
                                ExpressionAttributeValues = new() { [":v"] = new() { N = "5" } },
                            }
                        )
                    );
                    await Send(() =>
                        client.UpdateItemAsync(
                            new()
                            {
                                TableName = "t",
                                Key = Key(),
                                UpdateExpression = "SET a.b[1] = if_not_exists(x, :v), c = c + :v REMOVE d ADD e :v",
                                ExpressionAttributeValues = new() { [":v"] = new() { N = "5" } },
                                ReturnValues = ReturnValue.ALL_NEW,
                            }
                        )
                    );
                    await Send(() =>
                        client.QueryAsync(
                            new()
                            {
                                TableName = "t",
                                KeyConditionExpression = "pk = :p AND sk BETWEEN :a AND :b",
                                FilterExpression = "contains(l, :p) AND size(s) > :a",
                                ProjectionExpression = "pk, m.x",
                                ExpressionAttributeValues = new()
                                {
                                    [":p"] = new("a"),
                                    [":a"] = new() { N = "1" },
                                    [":b"] = new() { N = "2" },
                                },
                                Limit = 5,
                                ScanIndexForward = false,
                            }
                        )
                    );
                    await Send(() =>
                        client.TransactWriteItemsAsync(
                            new()
                            {
                                TransactItems =
                                [
                                    new()
                                    {
                                        Put = new() { TableName = "t", Item = Item() },
                                    },
                                    new()
                                    {
                                        Delete = new() { TableName = "t", Key = Key() },
                                    },
                                ],
                            }
                        )
                    );
                    await Send(() => client.ScanAsync(new ScanRequest { TableName = "t", ExclusiveStartKey = Key() }));
                    await Send(() =>
                        client.BatchWriteItemAsync(
                            new BatchWriteItemRequest { RequestItems = new() { ["t"] = [new(new PutRequest(Item()))] } }
                        )
                    );
                    await Send(() =>
                        client.BatchGetItemAsync(
                            new BatchGetItemRequest
                            {
                                RequestItems = new()
                                {
                                    ["t"] = new() { Keys = [Key()], ConsistentRead = true },
                                },
                            }
                        )
                    );
                    await Send(() =>
                        client.TransactGetItemsAsync(
                            new()
                            {
                                TransactItems =
                                [
                                    new()
                                    {
                                        Get = new() { TableName = "t", Key = Key() },
                                    },
                                ],
                            }
                        )
                    );
                    await Send(() => client.ListTablesAsync(new ListTablesRequest { Limit = 5 }));
                    await Send(() => client.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = "t" }));
                    await Send(() => client.DeleteTableAsync(new DeleteTableRequest { TableName = "none" }));
                }
            ),
        ["ec2"] = requests =>
            requests.With(
                new AmazonEC2Config(),
                (key, config) => new AmazonEC2Client(key, config),
                async client =>
                {
                    await Send(() =>
                        client.CreateVpcEndpointAsync(
                            new()
                            {
                                VpcEndpointType = VpcEndpointType.Interface,
                                VpcId = "vpc-1",
                                ServiceName = "com.amazonaws.us-east-1.s3",
                                SubnetIds = ["subnet-1"],
                                TagSpecifications = [new() { ResourceType = "vpc-endpoint", Tags = [new() { Key = "a", Value = "b" }] }],
                            }
                        )
                    );
                    await Send(() =>
                        client.DescribeVpcEndpointsAsync(
                            new() { VpcEndpointIds = ["vpce-1"], Filters = [new() { Name = "vpc-id", Values = ["vpc-1"] }] }
                        )
                    );
                    await Send(() =>
                        client.DescribeInstancesAsync(
                            new Amazon.EC2.Model.DescribeInstancesRequest { Filters = [new() { Name = "tag:x", Values = ["y"] }] }
                        )
                    );
                    await Send(() => client.DescribeSubnetsAsync(new Amazon.EC2.Model.DescribeSubnetsRequest { SubnetIds = ["subnet-1"] }));
                }
            ),
        ["ecs"] = requests =>
            requests.With(
                new AmazonECSConfig(),
                (key, config) => new AmazonECSClient(key, config),
                async client =>
                {
                    await Send(() => client.CreateClusterAsync(new() { ClusterName = "c", Tags = [new() { Key = "a", Value = "b" }] }));
                    await Send(() =>
                        client.RegisterTaskDefinitionAsync(
                            new()
                            {
                                Family = "f",
                                NetworkMode = NetworkMode.Awsvpc,
                                RequiresCompatibilities = [Compatibility.FARGATE],
                                Cpu = "256",
                                Memory = "512",
                                ContainerDefinitions =
                                [
                                    new()
                                    {
                                        Name = "n",
                                        Image = "i",
                                        Environment = [new() { Name = "a", Value = "b" }],
                                    },
                                ],
                            }
                        )
                    );
                    await Send(() =>
                        client.CreateServiceAsync(
                            new()
                            {
                                Cluster = "c",
                                ServiceName = "s",
                                TaskDefinition = "f:1",
                                DesiredCount = 2,
                                LaunchType = Amazon.ECS.LaunchType.FARGATE,
                                NetworkConfiguration = new() { AwsvpcConfiguration = new() { Subnets = ["subnet-1"] } },
                                DeploymentConfiguration = new()
                                {
                                    MaximumPercent = 150,
                                    MinimumHealthyPercent = 50,
                                    DeploymentCircuitBreaker = new() { Enable = true, Rollback = true },
                                },
                            }
                        )
                    );
                    await Send(() =>
                        client.UpdateServiceAsync(
                            new()
                            {
                                Cluster = "c",
                                Service = "s",
                                DesiredCount = 3,
                                ForceNewDeployment = true,
                            }
                        )
                    );
                    await Send(() => client.DescribeServicesAsync(new() { Cluster = "c", Services = ["s", "t"] }));
                    await Send(() =>
                        client.ListTasksAsync(
                            new()
                            {
                                Cluster = "c",
                                ServiceName = "s",
                                DesiredStatus = DesiredStatus.STOPPED,
                                NextToken = "x",
                            }
                        )
                    );
                    await Send(() =>
                        client.DescribeTasksAsync(new() { Cluster = "c", Tasks = ["arn:aws:ecs:us-east-1:123456789012:task/c/1"] })
                    );
                }
            ),
        ["events"] = requests =>
            requests.With(
                new AmazonEventBridgeConfig(),
                (key, config) => new AmazonEventBridgeClient(key, config),
                async client =>
                {
                    await Send(() =>
                        client.PutRuleAsync(
                            new()
                            {
                                Name = "r",
                                EventPattern =
                                    """{"source":["aws.x",{"prefix":"a"}],"detail":"""
                                    + """{"n":[{"numeric":[">",1,"<=",5]},{"exists":false}],"w":[{"wildcard":"a*b"}],"$or":"""
                                    + """[{"a":["b"]},{"c":[{"anything-but":["d"]}]}]}}""",
                            }
                        )
                    );
                    await Send(() => client.PutRuleAsync(new() { Name = "s", ScheduleExpression = "cron(0/5 8-17 ? * MON-FRI *)" }));
                    await Send(() =>
                        client.PutTargetsAsync(
                            new()
                            {
                                Rule = "r",
                                Targets =
                                [
                                    new()
                                    {
                                        Id = "1",
                                        Arn = $"arn:aws:lambda:us-east-1:{Account}:function:f",
                                        InputTransformer = new()
                                        {
                                            InputPathsMap = new() { ["a"] = "$.detail.n" },
                                            InputTemplate = "{\"x\": <a>}",
                                        },
                                    },
                                ],
                            }
                        )
                    );
                    await Send(() =>
                        client.PutEventsAsync(
                            new()
                            {
                                Entries =
                                [
                                    new()
                                    {
                                        Source = "x",
                                        DetailType = "y",
                                        Detail = """{"n":3,"w":"acb"}""",
                                    },
                                ],
                            }
                        )
                    );
                }
            ),
        ["lambda"] = requests =>
            requests.With(
                new AmazonLambdaConfig(),
                (key, config) => new AmazonLambdaClient(key, config),
                async client =>
                {
                    await Send(() =>
                        client.CreateFunctionAsync(
                            new()
                            {
                                FunctionName = "f",
                                Runtime = Runtime.Nodejs20X,
                                Handler = "h",
                                Role = $"arn:aws:iam::{Account}:role/r",
                                Code = new() { S3Bucket = "b", S3Key = "k" },
                                Environment = new() { Variables = new() { ["A"] = "b" } },
                            }
                        )
                    );
                    await Send(() =>
                        client.UpdateFunctionConfigurationAsync(
                            new()
                            {
                                FunctionName = "f",
                                Environment = new() { Variables = new() { ["A"] = "b" } },
                                Timeout = 5,
                            }
                        )
                    );
                    await Send(() => client.ListFunctionsAsync(new() { MaxItems = 5, Marker = "x" }));
                    await Send(() =>
                        client.GetFunctionConfigurationAsync(new() { FunctionName = $"arn:aws:lambda:us-east-1:{Account}:function:f:1" })
                    );
                    await Send(() =>
                        client.InvokeAsync(
                            new()
                            {
                                FunctionName = "f",
                                InvocationType = InvocationType.Event,
                                Payload = "{}",
                            }
                        )
                    );
                }
            ),
        ["monitoring"] = requests =>
            requests.With(
                new AmazonCloudWatchConfig(),
                (key, config) => new AmazonCloudWatchClient(key, config),
                async client =>
                {
                    await Send(() =>
                        client.PutMetricDataAsync(
                            new()
                            {
                                Namespace = "n",
                                MetricData =
                                [
                                    new()
                                    {
                                        MetricName = "m",
                                        Dimensions = [new() { Name = "g", Value = "h" }],
                                        Value = 1.5,
                                        Timestamp = DateTime.UnixEpoch.AddYears(69),
                                    },
                                ],
                            }
                        )
                    );
                    await Send(() =>
                        client.ListMetricsAsync(
                            new()
                            {
                                Namespace = "n",
                                MetricName = "m",
                                NextToken = "1",
                            }
                        )
                    );
                    await Send(() =>
                        client.GetMetricDataAsync(
                            new()
                            {
                                StartTime = DateTime.UnixEpoch,
                                EndTime = DateTime.UnixEpoch.AddYears(70),
                                MetricDataQueries =
                                [
                                    new()
                                    {
                                        Id = "a",
                                        MetricStat = new()
                                        {
                                            Metric = new() { Namespace = "n", MetricName = "m" },
                                            Period = 60,
                                            Stat = "Sum",
                                        },
                                    },
                                ],
                            }
                        )
                    );
                }
            ),
        ["logs"] = requests =>
            requests.With(
                new AmazonCloudWatchLogsConfig(),
                (key, config) => new AmazonCloudWatchLogsClient(key, config),
                async client =>
                {
                    await Send(() => client.CreateLogGroupAsync(new() { LogGroupName = "g" }));
                    await Send(() => client.CreateLogStreamAsync(new() { LogGroupName = "g", LogStreamName = "s" }));
                    await Send(() =>
                        client.PutLogEventsAsync(
                            new()
                            {
                                LogGroupName = "g",
                                LogStreamName = "s",
                                LogEvents = [new() { Message = "m", Timestamp = DateTime.UnixEpoch.AddYears(80) }],
                            }
                        )
                    );
                    await Send(() =>
                        client.FilterLogEventsAsync(
                            new()
                            {
                                LogGroupName = "g",
                                FilterPattern = "{ $.a = \"b\" && $.n > 3 }",
                                StartTime = 5,
                                Limit = 5,
                            }
                        )
                    );
                    await Send(() => client.FilterLogEventsAsync(new() { LogGroupName = "g", FilterPattern = "?ERROR -\"a b\" %x%" }));
                }
            ),
        ["s3"] = requests =>
            requests.With(
                new AmazonS3Config { ForcePathStyle = true },
                (key, config) => new AmazonS3Client(key, config),
                async client =>
                {
                    await Send(() => client.PutBucketAsync("bucket-of-a-test"));
                    await Send(() =>
                        client.PutObjectAsync(
                            new()
                            {
                                BucketName = "bucket-of-a-test",
                                Key = "a b/ü",
                                ContentBody = "content",
                                Metadata = { ["note"] = "x" },
                                TagSet = [new() { Key = "a", Value = "b" }],
                            }
                        )
                    );
                    await Send(() =>
                        client.GetObjectAsync(
                            new()
                            {
                                BucketName = "bucket-of-a-test",
                                Key = "a b/ü",
                                ByteRange = new("bytes=1-3"),
                            }
                        )
                    );
                    await Send(() =>
                        client.ListObjectsV2Async(
                            new()
                            {
                                BucketName = "bucket-of-a-test",
                                Prefix = "a",
                                Delimiter = "/",
                                MaxKeys = 5,
                            }
                        )
                    );
                    await Send(() => client.DeleteObjectsAsync(new() { BucketName = "bucket-of-a-test", Objects = [new() { Key = "a" }] }));
                    await Send(() => client.CopyObjectAsync("bucket-of-a-test", "a b/ü", "bucket-of-a-test", "c"));
                    var upload = await client.InitiateMultipartUploadAsync("bucket-of-a-test", "large");
                    await Send(() =>
                        client.UploadPartAsync(
                            new()
                            {
                                BucketName = "bucket-of-a-test",
                                Key = "large",
                                UploadId = upload.UploadId,
                                PartNumber = 1,
                                InputStream = new MemoryStream(new byte[100]),
                            }
                        )
                    );
                    await Send(() =>
                        client.CompleteMultipartUploadAsync(
                            new()
                            {
                                BucketName = "bucket-of-a-test",
                                Key = "large",
                                UploadId = upload.UploadId,
                                PartETags = [new(1, "x")],
                            }
                        )
                    );
                }
            ),
        ["ssm"] = requests =>
            requests.With(
                new AmazonSimpleSystemsManagementConfig(),
                (key, config) => new AmazonSimpleSystemsManagementClient(key, config),
                async client =>
                {
                    await Send(() =>
                        client.PutParameterAsync(
                            new()
                            {
                                Name = "/a/b",
                                Value = "1",
                                Type = ParameterType.String,
                                Overwrite = true,
                            }
                        )
                    );
                    await Send(() => client.GetParametersAsync(new() { Names = ["/a/b", "/a/c:1"] }));
                    await Send(() =>
                        client.GetParametersByPathAsync(
                            new()
                            {
                                Path = "/a",
                                Recursive = true,
                                MaxResults = 5,
                                NextToken = "x",
                            }
                        )
                    );
                }
            ),
        ["states"] = requests =>
            requests.With(
                new AmazonStepFunctionsConfig(),
                (key, config) => new AmazonStepFunctionsClient(key, config),
                async client =>
                {
                    const string Paths = """
                        {"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"$.x[?(@.n > 1)].y",
                        "b.$":"States.Format('{} {}', $.x, $$.Execution.Name)"},"ResultPath":"$.r","Next":"B"},
                        "B":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.r.a","IsPresent":true},
                        {"Variable":"$.n","NumericGreaterThan":1}],"Next":"C"}],"Default":"C"},"C":{"Type":"Map",
                        "ItemsPath":"$.x","ItemProcessor":{"StartAt":"D","States":{"D":{"Type":"Wait",
                        "SecondsPath":"$.s","End":true}}},"End":true}}}
                        """;
                    const string Jsonata = """
                        {"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass",
                        "Assign":{"v":"{% $states.input.x[n > 1].{'a': $string(n) & 'b'} %}"},
                        "Output":"{% $map($states.input.x, function($i) { $i.n * 2 }) ~> $sum %}","Next":"B"},
                        "B":{"Type":"Succeed"}}}
                        """;
                    await Send(() =>
                        client.CreateStateMachineAsync(
                            new()
                            {
                                Name = "m",
                                Definition = Paths,
                                RoleArn = $"arn:aws:iam::{Account}:role/r",
                            }
                        )
                    );
                    await Send(() =>
                        client.CreateStateMachineAsync(
                            new()
                            {
                                Name = "j",
                                Definition = Jsonata,
                                RoleArn = $"arn:aws:iam::{Account}:role/r",
                            }
                        )
                    );
                    await Send(() =>
                        client.StartExecutionAsync(
                            new()
                            {
                                StateMachineArn = $"arn:aws:states:us-east-1:{Account}:stateMachine:m",
                                Name = "e",
                                Input = """{"x":[{"n":1,"y":2,"s":1}]}""",
                            }
                        )
                    );
                    await Send(() =>
                        client.GetExecutionHistoryAsync(
                            new()
                            {
                                ExecutionArn = $"arn:aws:states:us-east-1:{Account}:execution:m:e",
                                MaxResults = 5,
                                ReverseOrder = true,
                                NextToken = "x",
                            }
                        )
                    );
                    await Send(() => client.SendTaskSuccessAsync(new() { TaskToken = "t", Output = "{}" }));
                    await Send(() => client.ValidateStateMachineDefinitionAsync(new() { Definition = Jsonata }));
                }
            ),
        ["sts"] = requests =>
            requests.With(
                new AmazonSecurityTokenServiceConfig(),
                (key, config) => new AmazonSecurityTokenServiceClient(key, config),
                async client =>
                {
                    await Send(() => client.GetCallerIdentityAsync(new()));
                    await Send(() =>
                        client.AssumeRoleAsync(
                            new()
                            {
                                RoleArn = $"arn:aws:iam::{Account}:role/r",
                                RoleSessionName = "session",
                                Policy = """{"Version":"2012-10-17","Statement":[]}""",
                                DurationSeconds = 900,
                            }
                        )
                    );
                }
            ),
    };

    private readonly Gateway _gateway;
    private readonly List<WireRequest> _requests = [];

    private RecordedRequests(Gateway gateway) => _gateway = gateway;

    public static IEnumerable<string> Services => Scripts.Keys.Order(StringComparer.Ordinal);

    /// <summary>Sends a service's requests and keeps them.</summary>
    public static async Task<IReadOnlyList<WireRequest>> Record(string service, Gateway gateway)
    {
        var recorded = new RecordedRequests(gateway);
        await Scripts[service](recorded);
        return recorded._requests;
    }

    public Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default)
    {
        _requests.Add(request);
        return _gateway.Answer(request);
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new InMemoryTransport(this));

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    private static Dictionary<string, AttributeValue> Key() =>
        new()
        {
            ["pk"] = new("a"),
            ["sk"] = new() { N = "1" },
        };

    private static Dictionary<string, AttributeValue> Item() =>
        new(Key())
        {
            ["m"] = new() { M = new() { ["x"] = new() { BOOL = true } } },
            ["l"] = new() { L = [new() { NULL = true }] },
            ["s"] = new() { SS = ["a", "b"] },
            ["b"] = new() { B = new MemoryStream([1, 2]) },
        };

    /// <summary>Only the request matters: whether it is refused is for other tests.</summary>
    private static async Task Send(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (AmazonServiceException)
        {
            // The request was recorded all the same.
        }
    }

    private async Task With<TConfig, TClient>(TConfig config, Func<AWSCredentials, TConfig, TClient> client, Func<TClient, Task> script)
        where TConfig : ClientConfig
        where TClient : IDisposable
    {
        config.ServiceURL = "http://aws.test";
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        config.HttpClientFactory = this;
        using var opened = client(new BasicAWSCredentials(Account, "not checked"), config);
        await script(opened);
    }
}
