using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Amazon.CloudFormation;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Tests.Rehearsals;

/// <summary>Clients of functions in this process try again as the SDK does, and do not wait on the wall clock before they do.</summary>
public sealed class SimulatedPausesTests
{
    /// <summary>Of each service: the SDK has a policy of their own for some.</summary>
    public static TheoryData<string> Services { get; } = new("cloudformation", "dynamodb", "s3");

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_request_that_fails_thrice_is_tried_four_times_without_waiting(string service)
    {
        using var aws = new Failing(most: AwsConnection.MostRetries);
        const int Requests = 10;

        var start = Stopwatch.GetTimestamp();
        for (var request = 0; request < Requests; request++)
        {
            await Ask(service, Connect(aws));
        }

        aws.Attempts.ShouldBe(Enumerable.Repeat<int[]>([1, 2, 3, 4], Requests).SelectMany(attempts => attempts));
        // The pauses of one request are half of 1 + 2 + 4 seconds on average.
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(Requests));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_refusal_that_the_SDK_does_not_try_again_is_not_tried_again(string service)
    {
        using var aws = new Failing(most: int.MaxValue, HttpStatusCode.BadRequest);

        await Should.ThrowAsync<AmazonServiceException>(Ask(service, Connect(aws)));

        aws.Attempts.ShouldBe([1]);
    }

    /// <summary>
    /// A process of the SDK tries a hundred times again while nothing succeeds: StandardRetryPolicy of https://github.com/aws/aws-sdk-net.
    /// </summary>
    [Fact]
    public async Task Retries_that_an_environment_has_used_up_are_not_missing_in_another()
    {
        using var aws = new Failing(most: int.MaxValue);
        var connection = Connect(aws);
        for (var request = 0; request < 40; request++)
        {
            await Should.ThrowAsync<AmazonServiceException>(Ask("cloudformation", connection));
        }

        aws.Attempts.Count.ShouldBe(40 + 100);
        aws.Attempts.Clear();

        await Should.ThrowAsync<AmazonServiceException>(Ask("cloudformation", Connect(aws)));

        aws.Attempts.ShouldBe([1, 2, 3, 4]);
    }

    private static AwsConnection Connect(HttpMessageHandler aws) =>
        InProcess.Connection(new BasicAWSCredentials("id", "key"), "us-east-1", aws);

    private static async Task Ask(string service, AwsConnection connection)
    {
        switch (service)
        {
            case "s3":
                using (var s3 = connection.OpenS3())
                {
                    await s3.ListBucketsAsync();
                }

                break;
            case "dynamodb":
                using (var dynamoDb = connection.Open((keys, config) => new AmazonDynamoDBClient(keys, config), new AmazonDynamoDBConfig()))
                {
                    await dynamoDb.ListTablesAsync();
                }

                break;
            default:
                using (
                    var stacks = connection.Open(
                        (keys, config) => new AmazonCloudFormationClient(keys, config),
                        new AmazonCloudFormationConfig()
                    )
                )
                {
                    await stacks.ListStacksAsync(new());
                }

                break;
        }
    }

    /// <summary>Answers as a service that has trouble, so often for each request, and then that there is nothing.</summary>
    private sealed class Failing(int most, HttpStatusCode status = HttpStatusCode.ServiceUnavailable) : HttpMessageHandler
    {
        public List<int> Attempts { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var said = request.Headers.GetValues("amz-sdk-request").Single();
            var attempt = int.Parse(said.Split(';')[0].Split('=')[1], CultureInfo.InvariantCulture);
            Attempts.Add(attempt);
            var isJson = request.Headers.Contains("X-Amz-Target");
            return Task.FromResult(
                new HttpResponseMessage(attempt <= most ? status : HttpStatusCode.OK)
                {
                    Content = new StringContent(
                        isJson ? "{}" : "<Answer xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>",
                        Encoding.UTF8,
                        isJson ? "application/x-amz-json-1.0" : "text/xml"
                    ),
                }
            );
        }
    }
}
