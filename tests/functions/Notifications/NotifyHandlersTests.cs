using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
using NSubstitute;

namespace Deployer.Functions.Tests.Notifications;

public sealed class NotifyHandlersTests
{
    private const string Topic = "arn:aws:sns:us-east-1:222222222222:deployer-dev-notifications";

    private static readonly Settings Settings = new("dev", "table", "bucket", string.Empty, string.Empty, new HashSet<string>())
    {
        Region = "us-east-1",
        Topic = Topic,
    };

    private readonly IAmazonSimpleNotificationService _topic = Substitute.For<IAmazonSimpleNotificationService>();

    private NotifyHandlers Handlers
    {
        get
        {
            var aws = Substitute.For<IAws>();
            aws.SimpleNotificationService.Returns(_topic);
            return new NotifyHandlers(aws, Settings);
        }
    }

    [Fact]
    public async Task Each_protocol_gets_what_it_can_show_and_subscriptions_have_attributes_to_filter_by()
    {
        var detail = NotificationDetail.From(
            new Notification
            {
                Kind = NotificationKind.Failed,
                Subject = "one",
                Service = "inventory",
                Target = "dev-x",
                Verdict = NotificationVerdict.Failed,
                Error = "StackFailedException",
                Cause = "Table orders failed",
                Execution = new ExecutionArn(Desk.Arn("one")),
                Next = new NextAction("Continue:", "deployer redrive ARN"),
            },
            Settings
        );

        await Handlers.Notify(new NotificationEvent(detail), Substitute.For<ILambdaContext>());

        var request = (PublishRequest)_topic.ReceivedCalls().Single().GetArguments()[0]!;
        (request.TopicArn, request.Subject, request.MessageStructure).ShouldBe((Topic, detail.Title, "json"));
        request
            .MessageAttributes.Select(attribute => (attribute.Key, attribute.Value.StringValue))
            .ShouldBe([("kind", "failed"), ("stage", "dev"), ("service", "inventory"), ("target", "dev-x")]);
        var messages = JsonNode.Parse(request.Message)!;
        ((string?)messages["default"]).ShouldBe(detail.Text);
        ((string?)messages["sms"]).ShouldBe(detail.Title);
        ((string?)messages["sqs"]).ShouldBe((string?)messages["lambda"]);
        JsonNode.Parse((string)messages["sqs"]!)!["cause"]!.GetValue<string>().ShouldBe("Table orders failed");
        var chat = JsonNode.Parse((string)messages["https"]!)!;
        ((string?)chat["version"], (string?)chat["source"], (string?)chat["metadata"]!["threadId"]).ShouldBe(("1.0", "custom", "one"));
        ((string?)chat["content"]!["textType"], (string?)chat["content"]!["title"]).ShouldBe(("client-markdown", detail.Title));
        ((string?)chat["content"]!["nextSteps"]![0]).ShouldBe("Continue: `deployer redrive ARN`");
    }

    [Fact]
    public async Task What_SNS_refuses_fails_the_invocation_which_Lambda_tries_again()
    {
        _topic
            .PublishAsync(default!, default)
            .ReturnsForAnyArgs<PublishResponse>(_ =>
                throw new NotFoundException("Topic does not exist") { StatusCode = System.Net.HttpStatusCode.NotFound }
            );
        var detail = NotificationDetail.From(
            new Notification
            {
                Kind = NotificationKind.Started,
                Subject = "one",
                Service = "inventory",
                Target = "dev",
                Verdict = NotificationVerdict.Running,
            },
            Settings
        );

        await Should.ThrowAsync<AwsRefusedException>(() =>
            Handlers.Notify(new NotificationEvent(detail), Substitute.For<ILambdaContext>())
        );
    }

    [Fact]
    public async Task An_event_without_a_detail_is_refused() =>
        await Should.ThrowAsync<PayloadInvalidException>(() =>
            Handlers.Notify(JsonSerializer.Deserialize("{}", Payloads.Default.NotificationEvent)!, Substitute.For<ILambdaContext>())
        );
}
