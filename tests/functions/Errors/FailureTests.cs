using System.Net;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;

namespace Deployer.Functions.Tests.Errors;

public sealed class FailureTests
{
    private const string Endpoint = "http://aws.test";

    public static TheoryData<Exception> Transient =>
        [
            new AmazonServiceException("slow down") { ErrorCode = "ThrottlingException", StatusCode = HttpStatusCode.BadRequest },
            new AmazonDynamoDBException("too fast")
            {
                ErrorCode = "ProvisionedThroughputExceededException",
                StatusCode = HttpStatusCode.BadRequest,
            },
            new AmazonCloudFormationException("oops") { ErrorCode = "InternalFailure", StatusCode = HttpStatusCode.InternalServerError },
            new AmazonServiceException("busy") { StatusCode = HttpStatusCode.ServiceUnavailable },
            new AmazonServiceException("no answer"),
            new HttpRequestException("connection reset"),
            new IOException("broken pipe"),
            new TaskCanceledException("the request was canceled due to the configured timeout"),
            new TimeoutException("10 seconds"),
        ];

    [Theory]
    [MemberData(nameof(Transient))]
    public void What_is_worth_another_try_is_one_exception(Exception exception)
    {
        var failure = Failure.Translate(exception).ShouldBeOfType<AwsUnavailableException>();

        failure.IsTransient.ShouldBeTrue();
        failure.Message.ShouldContain(exception.Message);
    }

    /// <summary>
    /// Those of https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, whatever status they come with; that of
    /// CloudFormation is <c>Throttling</c>: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html.
    /// </summary>
    [Theory]
    [InlineData("BandwidthLimitExceeded")]
    [InlineData("EC2ThrottledException")]
    [InlineData("ExpiredToken")]
    [InlineData("ExpiredTokenException")]
    [InlineData("PriorRequestNotComplete")]
    [InlineData("ProvisionedThroughputExceededException")]
    [InlineData("RequestExpired")]
    [InlineData("RequestLimitExceeded")]
    [InlineData("RequestThrottled")]
    [InlineData("RequestThrottledException")]
    [InlineData("RequestTimeout")]
    [InlineData("RequestTimeoutException")]
    [InlineData("SlowDown")]
    [InlineData("ThrottledException")]
    [InlineData("Throttling")]
    [InlineData("ThrottlingException")]
    [InlineData("TooManyRequestsException")]
    [InlineData("TransactionInProgressException")]
    [InlineData("InternalError")]
    [InlineData("InternalFailure")]
    [InlineData("InternalServerError")]
    [InlineData("ServiceUnavailable")]
    public void A_code_of_throttling_is_worth_another_try_whatever_its_status(string code) =>
        Failure
            .Translate(new AmazonServiceException("no") { ErrorCode = code, StatusCode = HttpStatusCode.BadRequest })
            .ShouldBeOfType<AwsUnavailableException>();

    /// <summary>Not that AWS could not be reached, which ten tries would not change.</summary>
    [Fact]
    public void A_full_disk_is_said_to_be_one()
    {
        const string Full = "/dev/full";
        Assert.SkipUnless(File.Exists(Full), $"there is no {Full}, which stands for a full disk");
        var exception = Should.Throw<IOException>(() =>
        {
            using var file = new FileStream(Full, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.WriteByte(1);
        });

        var failure = Failure.Translate(exception).ShouldBeOfType<SpecInvalidException>();

        failure.IsTransient.ShouldBeFalse();
        failure.Message.ShouldStartWith("the function's disk is full (No space left on device");
    }

    [Fact]
    public void What_AWS_refuses_has_its_code_and_message()
    {
        var failure = Failure.Translate(
            new AmazonServiceException("not authorized to perform: cloudformation:CreateChangeSet")
            {
                ErrorCode = "AccessDenied",
                StatusCode = HttpStatusCode.Forbidden,
            }
        );

        failure.ShouldBeOfType<AwsRefusedException>().IsTransient.ShouldBeFalse();
        failure.Message.ShouldBe("AWS was refused: AccessDenied: not authorized to perform: cloudformation:CreateChangeSet");
    }

    [Fact]
    public async Task An_exception_of_a_client_names_the_operation_and_what_it_was_about()
    {
        var connection = new AwsConnection(new BasicAWSCredentials("id", "key"), "us-east-1", Endpoint, new Transport(new Refusing()));
        using var client = connection.Open(
            (credentials, config) => new AmazonCloudFormationClient(credentials, config),
            new AmazonCloudFormationConfig { MaxErrorRetry = 0 }
        );
        using var table = connection.Open(
            (credentials, config) => new AmazonDynamoDBClient(credentials, config),
            new AmazonDynamoDBConfig { MaxErrorRetry = 0 }
        );

        var refused = await Should.ThrowAsync<AmazonServiceException>(
            client.DescribeStacksAsync(new DescribeStacksRequest { StackName = "inventory-dev" })
        );
        var other = await Should.ThrowAsync<AmazonServiceException>(table.QueryAsync(new QueryRequest { TableName = "deployer-dev" }));

        Failure.Translate(refused).Message.ShouldStartWith("CloudFormation DescribeStacks of inventory-dev was refused: ");
        Failure.Translate(other).Message.ShouldStartWith("DynamoDBv2 Query of deployer-dev was refused: ");
    }

    [Fact]
    public void A_fault_of_the_deployer_says_so_and_carries_no_exception_along()
    {
        var failure = Failure.Translate(new NullReferenceException("oops")).ShouldBeOfType<DeployerFaultException>();

        failure.Message.ShouldStartWith("the deployer itself failed: NullReferenceException: oops; please report it");
        failure.InnerException.ShouldBeNull();
    }

    [Fact]
    public void Secrets_are_cut_out_of_what_AWS_says()
    {
        var secrets = new SecretValues();
        secrets.Add("hunter2");
        secrets.Add("hunter2-longer");
        secrets.Add("a");
        secrets.Add(null);

        var refused = new AmazonServiceException("no hunter2-longer and hunter2 and a")
        {
            ErrorCode = "X",
            StatusCode = HttpStatusCode.BadRequest,
        };
        Failure.Translate(refused, secrets).Message.ShouldBe("AWS was refused: X: no **** and **** and a");
        $"{secrets}".ShouldNotContain("hunter");
    }

    [Fact]
    public void Credentials_in_addresses_are_cut_out_of_every_cause()
    {
        var failure = new StackFailedException(
            "cannot clone https://user:pa55@git.example/a.git nor https://token@host/b?x=1 nor "
                + "https://bucket.s3.amazonaws.com/t.yaml?X-Amz-Date=1&X-Amz-Signature=abc123&X-Amz-Security-Token=def; mail me@example.org"
        );

        failure.Message.ShouldBe(
            "cannot clone https://****@git.example/a.git nor https://****@host/b?x=1 nor "
                + "https://bucket.s3.amazonaws.com/t.yaml?X-Amz-Date=1&X-Amz-Signature=****&X-Amz-Security-Token=****; mail me@example.org"
        );
    }

    [Fact]
    public void Twenty_thousand_faults_fit_into_a_cause()
    {
        var faults = Enumerable.Range(0, 20_000).Select(fault => $"deployer.yaml:{fault}: wrong");
        var failure = new SpecInvalidException(string.Join('\n', faults));

        failure.Message.Length.ShouldBeLessThanOrEqualTo(CauseText.MostCharacters);
        failure.Message.ShouldStartWith("deployer.yaml:0: wrong\n");
        failure.Message.ShouldEndWith("\nand 19900 more");
        new SpecInvalidException(new string('x', 300_000)).Message.Length.ShouldBe(CauseText.MostCharacters);
    }

    /// <summary>An AWS that refuses everything.</summary>
    private sealed class Refusing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.BadRequest)
                {
                    RequestMessage = request,
                    Content = new StringContent("""{"__type":"AccessDeniedException","message":"no"}"""),
                }
            );
    }
}
