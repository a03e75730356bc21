using System.Net;
using System.Text;
using Amazon;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Deployer.Sdk.Tests.Protocols.Client;

public sealed class ClientTests
{
    private static readonly BasicAWSCredentials Credentials = new("222222222222", "secret");

    [Fact]
    public async Task A_call_is_signed_for_the_service_and_region_of_the_configuration()
    {
        var service = new InMemoryService(
            StepFunctionsModel.Service,
            (operation, request) =>
                StepFunctionsModel.Service.WriteResponse(
                    operation,
                    new StartExecutionResponse { ExecutionArn = $"{((StartExecutionRequest)request).Name}!" },
                    "request-1"
                )
        );
        using var client = StepFunctions(service);

        var response = await client.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = "arn", Name = "n" });

        response.ExecutionArn.ShouldBe("n!");
        response.HttpStatusCode.ShouldBe(HttpStatusCode.OK);
        response.ResponseMetadata.RequestId.ShouldBe("request-1");
        var sent = service.Requests.Single();
        sent.RequestUri!.ToString().ShouldBe("http://aws.test/");
        Authorization(sent).ShouldContain("Credential=222222222222/");
        Authorization(sent).ShouldContain("/eu-west-1/states/aws4_request");
    }

    [Fact]
    public async Task A_modelled_error_is_its_exception_with_code_status_and_request()
    {
        var service = new InMemoryService(
            StepFunctionsModel.Service,
            (_, _) => StepFunctionsModel.Service.WriteError(new ExecutionAlreadyExistsException("there"), "request-2")
        );
        using var client = StepFunctions(service);

        var failure = await Should.ThrowAsync<ExecutionAlreadyExistsException>(() =>
            client.StartExecutionAsync(new StartExecutionRequest())
        );

        failure.Message.ShouldBe("there");
        failure.ErrorCode.ShouldBe("ExecutionAlreadyExists");
        failure.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        failure.RequestId.ShouldBe("request-2");
    }

    [Fact]
    public async Task An_error_that_the_model_does_not_declare_is_the_services_exception()
    {
        var service = new InMemoryService(
            CloudFormationModel.Service,
            (_, _) => CloudFormationModel.Service.WriteError("ValidationError", "Stack with id s does not exist", 400, "request-3")
        );
        using var client = new AmazonCloudFormationClient(Credentials, Configure(new AmazonCloudFormationConfig(), service));

        var failure = await Should.ThrowAsync<AmazonCloudFormationException>(() =>
            client.DescribeStacksAsync(new DescribeStacksRequest { StackName = "s" })
        );

        failure.GetType().ShouldBe(typeof(AmazonCloudFormationException));
        failure.ErrorCode.ShouldBe("ValidationError");
        failure.Message.ShouldBe("Stack with id s does not exist");
        failure.ErrorType.ShouldBe(ErrorType.Sender);
        failure.RequestId.ShouldBe("request-3");
        service.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("ThrottlingException", 400)]
    [InlineData("TooManyRequestsException", 429)]
    [InlineData("InternalFailure", 500)]
    public async Task Throttling_and_faults_of_the_service_are_tried_again(string code, int status)
    {
        var calls = 0;
        var service = new InMemoryService(
            StepFunctionsModel.Service,
            (operation, _) =>
                ++calls == 1
                    ? StepFunctionsModel.Service.WriteError(code, "later", status, "id")
                    : StepFunctionsModel.Service.WriteResponse(operation, new ListStateMachinesResponse { StateMachines = [] }, "id")
        );
        using var client = StepFunctions(service);

        (await client.ListStateMachinesAsync(new ListStateMachinesRequest())).StateMachines.ShouldBeEmpty();

        calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_query_goes_out_and_its_xml_comes_back()
    {
        var service = new InMemoryService(
            EC2Model.Service,
            (operation, request) =>
                EC2Model.Service.WriteResponse(
                    operation,
                    new DescribeVpcEndpointsResponse
                    {
                        VpcEndpoints =
                        [
                            .. ((DescribeVpcEndpointsRequest)request).VpcEndpointIds.Select(id => new VpcEndpoint { VpcEndpointId = id }),
                        ],
                    },
                    "request-4"
                )
        );
        using var client = new AmazonEC2Client(Credentials, Configure(new AmazonEC2Config(), service));

        var response = await client.DescribeVpcEndpointsAsync(new DescribeVpcEndpointsRequest { VpcEndpointIds = ["vpce-1"] });

        response.VpcEndpoints.Single().VpcEndpointId.ShouldBe("vpce-1");
        response.ResponseMetadata.RequestId.ShouldBe("request-4");
    }

    [Fact]
    public async Task An_invocation_with_an_arn_in_its_path_reaches_the_function()
    {
        const string Arn = "arn:aws:lambda:us-east-1:111111111111:function:f";
        var service = new InMemoryService(
            LambdaModel.Service,
            (operation, request) =>
            {
                var invoke = (InvokeRequest)request;
                return LambdaModel.Service.WriteResponse(
                    operation,
                    new InvokeResponse
                    {
                        StatusCode = 200,
                        Payload = new MemoryStream(Encoding.UTF8.GetBytes($"{invoke.FunctionName} {invoke.Payload}")),
                    },
                    "id"
                );
            }
        );
        using var client = new AmazonLambdaClient(Credentials, Configure(new AmazonLambdaConfig(), service));

        var response = await client.InvokeAsync(new InvokeRequest { FunctionName = Arn, Payload = "{}" });

        Encoding.UTF8.GetString(response.Payload.ToArray()).ShouldBe($"{Arn} {{}}");
        service
            .Requests.Single()
            .RequestUri!.AbsolutePath.ShouldBe(
                "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111111111111%3Afunction%3Af/invocations"
            );
    }

    [Fact]
    public async Task Query_parameters_that_repeat_arrive_whole()
    {
        IEnumerable<string> keys = [];
        var service = new InMemoryService(
            LambdaModel.Service,
            (operation, request) =>
            {
                keys = ((Amazon.Lambda.Model.UntagResourceRequest)request).TagKeys;
                return LambdaModel.Service.WriteResponse(operation, operation.Response.Create(), "id");
            }
        );
        using var client = new AmazonLambdaClient(Credentials, Configure(new AmazonLambdaConfig(), service));

        await client.UntagResourceAsync(
            new Amazon.Lambda.Model.UntagResourceRequest { Resource = "arn:aws:lambda:f", TagKeys = ["a", "b c"] }
        );

        keys.ShouldBe(["a", "b c"]);
    }

    [Fact]
    public async Task An_idempotency_token_is_filled_in_once_and_kept()
    {
        var tokens = new List<string>();
        var service = new InMemoryService(
            EC2Model.Service,
            (operation, request) =>
            {
                tokens.Add(((CreateVpcEndpointRequest)request).ClientToken);
                return EC2Model.Service.WriteResponse(operation, new CreateVpcEndpointResponse(), "id");
            }
        );
        using var client = new AmazonEC2Client(Credentials, Configure(new AmazonEC2Config(), service));

        await client.CreateVpcEndpointAsync(new CreateVpcEndpointRequest { ClientToken = "mine" });

        tokens.ShouldBe(["mine"]);
    }

    [Theory]
    [InlineData("us-east-1", "https://states.us-east-1.amazonaws.com")]
    [InlineData("cn-north-1", "https://states.cn-north-1.amazonaws.com.cn")]
    public void Without_a_url_the_regions_endpoint_is_used(string region, string url)
    {
        using var client = new AmazonStepFunctionsClient(Credentials, RegionEndpoint.GetBySystemName(region));

        client.DetermineServiceOperationEndpoint(new StartExecutionRequest()).URL.ShouldBe(url);
    }

    [Fact]
    public void A_region_to_sign_for_does_not_move_the_endpoint()
    {
        using var client = new AmazonStepFunctionsClient(
            Credentials,
            new AmazonStepFunctionsConfig { RegionEndpoint = RegionEndpoint.EUWest1, AuthenticationRegion = "us-east-1" }
        );

        client.DetermineServiceOperationEndpoint(new StartExecutionRequest()).URL.ShouldBe("https://states.eu-west-1.amazonaws.com");
    }

    [Fact]
    public async Task A_global_service_has_one_endpoint_and_one_region_to_sign_for()
    {
        var config = new Amazon.IdentityManagement.AmazonIdentityManagementServiceConfig { RegionEndpoint = RegionEndpoint.EUWest1 };
        using var client = new Amazon.IdentityManagement.AmazonIdentityManagementServiceClient(Credentials, config);
        var request = new Amazon.IdentityManagement.Model.ListAttachedRolePoliciesRequest { RoleName = "deployer" };
        client.DetermineServiceOperationEndpoint(request).URL.ShouldBe("https://iam.amazonaws.com");

        var model = Amazon.IdentityManagement.IdentityManagementServiceModel.Service;
        var service = new InMemoryService(model, (operation, _) => model.WriteResponse(operation, operation.Response.Create(), "id"));
        config.HttpClientFactory = service;
        using var sending = new Amazon.IdentityManagement.AmazonIdentityManagementServiceClient(Credentials, config);
        await sending.ListAttachedRolePoliciesAsync(request);

        var sent = service.Requests.Single();
        sent.RequestUri!.Host.ShouldBe("iam.amazonaws.com");
        Authorization(sent).ShouldContain("/us-east-1/iam/aws4_request");
    }

    [Fact]
    public void Every_service_has_the_host_name_of_its_endpoint() =>
        Services
            .All.Select(s => $"{s.Name} {s.EndpointPrefix} {s.SigningName}")
            .ShouldBe([
                "AutoScaling autoscaling autoscaling",
                "CloudFormation cloudformation cloudformation",
                "CloudWatch monitoring monitoring",
                "CloudWatchLogs logs logs",
                "CodeBuild codebuild codebuild",
                "CodeConnections codeconnections codeconnections",
                "CodeDeploy codedeploy codedeploy",
                "CodePipeline codepipeline codepipeline",
                "EC2 ec2 ec2",
                "ECR api.ecr ecr",
                "ECS ecs ecs",
                "EventBridge events events",
                "IdentityManagement iam iam",
                "Lambda lambda lambda",
                "ResourceGroupsTaggingAPI tagging tagging",
                "ServiceQuotas servicequotas servicequotas",
                "SimpleNotificationService sns sns",
                "SimpleSystemsManagement ssm ssm",
                "StepFunctions states states",
            ]);

    [Fact]
    public async Task The_environment_names_endpoint_region_and_credentials()
    {
        // Of one service only: the variables belong to the whole process.
        using var variables = new EnvironmentVariables(
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", "http://environment.test"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "333333333333"),
            ("AWS_SECRET_ACCESS_KEY", "secret")
        );
        var model = Amazon.EventBridge.EventBridgeModel.Service;
        var service = new InMemoryService(model, (operation, _) => model.WriteResponse(operation, operation.Response.Create(), "id"));
        using var client = new Amazon.EventBridge.AmazonEventBridgeClient(
            new Amazon.EventBridge.AmazonEventBridgeConfig { HttpClientFactory = service }
        );

        await client.ListRulesAsync(new Amazon.EventBridge.Model.ListRulesRequest());

        var sent = service.Requests.Single();
        sent.RequestUri!.Host.ShouldBe("environment.test");
        Authorization(sent).ShouldContain("Credential=333333333333/");
        Authorization(sent).ShouldContain("/eu-central-1/events/aws4_request");
    }

    private static AmazonStepFunctionsClient StepFunctions(InMemoryService service) =>
        new(Credentials, Configure(new AmazonStepFunctionsConfig(), service));

    private static TConfig Configure<TConfig>(TConfig config, InMemoryService service)
        where TConfig : ClientConfig
    {
        config.ServiceURL = "http://aws.test";
        config.AuthenticationRegion = "eu-west-1";
        config.HttpClientFactory = service;
        return config;
    }

    private static string Authorization(HttpRequestMessage request) => string.Join(' ', request.Headers.GetValues("Authorization"));
}
