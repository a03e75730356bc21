using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Deployer.Rehearsal.Sns;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.Sns;

public sealed class SnsServiceTests : IAsyncDisposable
{
    private const string Topic = $"arn:aws:sns:us-east-1:{TestAws.Prod}:news";

    private TestAws _aws = null!;

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_topic_keeps_the_message_of_each_protocol_and_what_subscriptions_filter_by()
    {
        using var sns = await Start();
        await sns.PublishAsync(
            new PublishRequest
            {
                TopicArn = Topic,
                Subject = "news",
                MessageStructure = "json",
                Message = """{ "default": "text", "sqs": "{}" }""",
                MessageAttributes = new()
                {
                    ["kind"] = new() { DataType = "String", StringValue = "failed" },
                },
            }
        );

        var message = (await _aws.World.Do(() => SnsService.Messages(_aws.World))).ShouldHaveSingleItem();
        (message.TopicArn, message.Subject, message.Messages["default"], message.Messages["sqs"]).ShouldBe((Topic, "news", "text", "{}"));
        message.Attributes["kind"].ShouldBe("failed");
    }

    [Fact]
    public async Task A_topic_that_is_not_there_takes_nothing()
    {
        using var sns = await Start();

        await Should.ThrowAsync<NotFoundException>(
            sns.PublishAsync(new PublishRequest { TopicArn = $"{Topic}-of-others", Message = "text" })
        );
    }

    [Theory]
    [InlineData("two\nlines", "text", null, "Subject")]
    [InlineData("ü", "text", null, "Subject")]
    [InlineData("news", "text", "json", "failed to parse")]
    [InlineData("news", """{ "sqs": "text" }""", "json", "No default entry in JSON message body")]
    public async Task What_SNS_refuses_is_refused(string subject, string message, string? structure, string reason)
    {
        using var sns = await Start();

        var refusal = await Should.ThrowAsync<InvalidParameterException>(
            sns.PublishAsync(
                new PublishRequest
                {
                    TopicArn = Topic,
                    Subject = subject,
                    Message = message,
                    MessageStructure = structure,
                }
            )
        );
        refusal.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task A_message_has_a_largest_size()
    {
        using var sns = await Start();

        (
            await Should.ThrowAsync<InvalidParameterException>(
                sns.PublishAsync(new PublishRequest { TopicArn = Topic, Message = new string('x', 262_145) })
            )
        ).Message.ShouldContain("too long");
    }

    private async Task<AmazonSimpleNotificationServiceClient> Start()
    {
        _aws = await TestAws.StartAll(services => services.AddSingleton<IEventSource, NoEvents>());
        using var stacks = new AmazonCloudFormationClient(TestAws.Root(TestAws.Prod), _aws.Configure(new AmazonCloudFormationConfig()));
        await stacks.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = "news",
                TemplateBody = "Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: news } } }",
            }
        );
        var made = _aws.World.Now + TimeSpan.FromMinutes(10);
        while ((await stacks.DescribeStacksAsync(new DescribeStacksRequest())).Stacks.Single().StackStatus != StackStatus.CREATE_COMPLETE)
        {
            var before = _aws.World.Now;
            before.ShouldBeLessThan(made);
            await _aws.World.RunUntil(() => _aws.World.Now > before);
        }

        return new AmazonSimpleNotificationServiceClient(
            TestAws.Root(TestAws.Prod),
            _aws.Configure(new AmazonSimpleNotificationServiceConfig())
        );
    }
}
