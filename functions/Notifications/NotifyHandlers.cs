using System.Text.Json;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.SimpleNotificationService.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Logs;

namespace Deployer.Functions.Notifications;

/// <summary>An event of the deployer on the default bus.</summary>
/// <param name="Detail">What it says.</param>
public sealed record NotificationEvent(NotificationDetail Detail);

/// <summary>
/// Publishes notifications to the topic: an e-mail needs a subject of its own and a text with line breaks, which the input transformer of a
/// rule has neither of, and a chat needs a document.
/// </summary>
public sealed class NotifyHandlers(IAws aws, Settings settings)
{
    /// <summary>Publishes one event.</summary>
    [LambdaFunction(ResourceName = "NotifyFunction")]
    public Task Notify(NotificationEvent input, ILambdaContext context) =>
        context.Logged(
            new LogScope(input?.Detail?.Deployment is { } deployment ? new DeploymentId(deployment) : null),
            () => Publish(input?.Detail),
            detail => $"published: {detail.Id}"
        );

    private async Task<NotificationDetail> Publish(NotificationDetail? detail)
    {
        if (detail is null)
        {
            throw new PayloadInvalidException("the payload lacks 'detail'; expected an event of the source 'deployer'");
        }

        await aws.SimpleNotificationService.PublishAsync(Request(detail));
        return detail;
    }

    /// <summary>
    /// A message for each protocol: the default is what an e-mail has. Attributes are what subscriptions filter by.
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-publishing.html,
    /// https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
    /// </summary>
    private PublishRequest Request(NotificationDetail detail)
    {
        var document = JsonSerializer.Serialize(detail, NotificationDetailDocuments.Default.NotificationDetail);
        return new PublishRequest
        {
            TopicArn = settings.Topic,
            Subject = detail.Title,
            MessageStructure = "json",
            Message = JsonSerializer.Serialize(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["default"] = detail.Text,
                    ["sms"] = detail.Title,
                    ["https"] = JsonSerializer.Serialize(ChatMessage.From(detail), TopicDocuments.Default.ChatMessage),
                    ["sqs"] = document,
                    ["lambda"] = document,
                },
                TopicDocuments.Default.DictionaryStringString
            ),
            MessageAttributes = new Dictionary<string, MessageAttributeValue>(StringComparer.Ordinal)
            {
                ["kind"] = Text(Spec.NotificationKinds.Text(detail.Kind)),
                ["stage"] = Text(detail.Stage),
                ["service"] = Text(detail.Service),
                ["target"] = Text(detail.Target),
            },
        };
    }

    private static MessageAttributeValue Text(string value) => new() { DataType = "String", StringValue = value };
}
