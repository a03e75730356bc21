using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Json;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Sns;

/// <summary>
/// SNS as far as publishing goes: a topic takes a message and keeps it. It is delivered to nobody, and policies of topics and of keys are
/// not judged: a topic lets in principals of its own account by their own policies.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/sns/latest/api/API_Publish.html</remarks>
public sealed class SnsService : ModelService
{
    private const int MostBytes = 262_144;
    private const int MostOfSubject = 100;
    private const string Default = "default";
    private readonly RehearsalWorld _world;
    private readonly Table<PublishedMessage> _messages;

    /// <summary>A service of this world.</summary>
    public SnsService(RehearsalWorld world)
        : base(SimpleNotificationServiceModel.Service)
    {
        _world = world;
        _messages = world.Store.Table<PublishedMessage>("sns/messages");
        On<PublishRequest, PublishResponse>("Publish", Publish, (_, request) => [request.TopicArn ?? request.TargetArn ?? "*"]);
    }

    /// <summary>What topics have taken, oldest first.</summary>
    public static IReadOnlyList<PublishedMessage> Messages(RehearsalWorld world) =>
        [.. world.Store.Table<PublishedMessage>("sns/messages").WithPrefix(string.Empty).Select(message => message.Value)];

    private PublishResponse Publish(Call call, PublishRequest request)
    {
        SimulatedMembers.Only(request, "TopicArn", "Message", "Subject", "MessageStructure", "MessageAttributes");
        var topic =
            _world
                .Store.Table<RecordedResource>("resources")
                .Get(RegionalKey.Create(call.Account, call.Region, "AWS::SNS::Topic", request.TopicArn))
            ?? throw new NotFoundException("Topic does not exist");
        CheckKey(call, topic);
        if (request.Subject is { } subject && (subject.Length is 0 or > MostOfSubject || subject.Any(IsRefusedInSubject)))
        {
            throw new InvalidParameterException("Invalid parameter: Subject");
        }

        if (string.IsNullOrEmpty(request.Message))
        {
            throw new InvalidParameterException("Invalid parameter: Empty message");
        }

        if (Encoding.UTF8.GetByteCount(request.Message) > MostBytes)
        {
            throw new InvalidParameterException("Invalid parameter: Message too long");
        }

        var id = _world.Random.Uuid();
        _messages.Put(
            $"{_world.Now.UtcTicks:D19}/{id}",
            new PublishedMessage(
                _world.Now,
                request.TopicArn,
                request.Subject,
                ByProtocol(request),
                (request.MessageAttributes ?? []).ToDictionary(attribute => attribute.Key, attribute => attribute.Value.StringValue)
            )
        );
        return new PublishResponse { MessageId = id };
    }

    /// <summary>
    /// "ASCII text that begins with a letter, number, or punctuation mark; must not include line breaks or control characters".
    /// </summary>
    private static bool IsRefusedInSubject(char character) => character is < ' ' or > '~';

    private static Dictionary<string, string> ByProtocol(PublishRequest request)
    {
        if (request.MessageStructure is null)
        {
            return new Dictionary<string, string> { [Default] = request.Message };
        }

        if (request.MessageStructure != "json")
        {
            throw new InvalidParameterException("Invalid parameter: Message Structure");
        }

        return Document(request.Message) is { } messages && messages[Default] is JsonValue
            ? messages.Where(entry => entry.Value is JsonValue).ToDictionary(entry => entry.Key, entry => (string)entry.Value!)
            : throw new InvalidParameterException("Invalid parameter: Message Structure - No default entry in JSON message body");
    }

    private static JsonObject? Document(string text)
    {
        try
        {
            return DeepJson.Node(text) as JsonObject;
        }
        catch (JsonException exception)
        {
            throw new InvalidParameterException("Invalid parameter: Message Structure - JSON message body failed to parse", exception);
        }
    }

    /// <summary>
    /// Who publishes to an encrypted topic needs <c>kms:GenerateDataKey*</c> and <c>kms:Decrypt</c> on its key
    /// (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
    /// </summary>
    private static void CheckKey(Call call, RecordedResource topic)
    {
        if ((string?)topic.Properties["KmsMasterKeyId"] is not { } key || key.StartsWith("alias/aws/", StringComparison.Ordinal))
        {
            return;
        }

        var arn = key.StartsWith("arn:", StringComparison.Ordinal) ? key : $"arn:aws:kms:{call.Region}:{call.Account}:key/{key}";
        var keys = new Dictionary<string, string>(StringComparer.Ordinal) { ["kms:ViaService"] = $"sns.{call.Region}.amazonaws.com" };
        foreach (var action in new[] { "kms:GenerateDataKey", "kms:Decrypt" })
        {
            try
            {
                call.World.Api.Check(call, [arn], action, conditionKeys: keys);
            }
            catch (ApiException denied) when (denied.Code == "AccessDeniedException")
            {
                throw new KMSAccessDeniedException(denied.Message, denied);
            }
        }
    }
}
