using Deployer.Rehearsal.Wire;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Types of other services of which only the record is kept.</summary>
internal sealed class RecordedOthers : IResourceTypeGroup
{
    /// <inheritdoc/>
    public IEnumerable<IResourceType> Types =>
        [
            new RecordedType(
                "AWS::SNS::Topic",
                "sns",
                ("CreateTopic", "SetTopicAttributes", "DeleteTopic"),
                call =>
                {
                    var name = call.NameFrom("TopicName", 256);
                    CheckTopicName(name, call.Properties.Text("FifoTopic") == "true");
                    return Identity(call.Arn("sns", name), ("TopicArn", call.Arn("sns", name)), ("TopicName", name));
                }
            )
            {
                ReadAction = "GetTopicAttributes",
                Arn = (_, id) => id,
            },
            new RecordedType(
                "AWS::SNS::TopicPolicy",
                "sns",
                ("SetTopicAttributes", "SetTopicAttributes", "SetTopicAttributes"),
                call => Id(call.GeneratedName())
            ),
            new RecordedType(
                "AWS::KMS::Key",
                "kms",
                ("CreateKey", "PutKeyPolicy", "ScheduleKeyDeletion"),
                call =>
                {
                    var id = call.World.Random.Uuid();
                    return Identity(id, ("Arn", call.Arn("kms", $"key/{id}")), ("KeyId", id));
                }
            ),
            new RecordedType(
                "AWS::KMS::Alias",
                "kms",
                ("CreateAlias", "UpdateAlias", "DeleteAlias"),
                call => Identity(call.Properties.Required("AliasName"))
            ),
            new RecordedType(
                "AWS::CloudWatch::Alarm",
                "cloudwatch",
                ("PutMetricAlarm", "PutMetricAlarm", "DeleteAlarms"),
                call =>
                {
                    var name = call.NameFrom("AlarmName", 255);
                    return Identity(name, ("Arn", call.Arn("cloudwatch", $"alarm:{name}")));
                }
            )
            {
                ReadAction = "DescribeAlarms",
                Arn = (call, id) => call.Arn("cloudwatch", $"alarm:{id}"),
            },
            new RecordedType(
                "AWS::CloudFormation::WaitConditionHandle",
                "cloudformation",
                ("CreateUploadBucket", "CreateUploadBucket", "CreateUploadBucket"),
                call =>
                {
                    var url =
                        $"https://cloudformation-waitcondition-{call.Region}.s3.amazonaws.com/{Uri.EscapeDataString(call.Stack.Id)}/"
                        + $"{call.LogicalId}";
                    return Identity(url, ("Id", url));
                }
            ),
            new RecordedType(
                "AWS::CodeStarConnections::Connection",
                "codestar-connections",
                ("CreateConnection", "TagResource", "DeleteConnection"),
                call =>
                {
                    var arn = call.Arn("codestar-connections", $"connection/{call.World.Random.Uuid()}");
                    return Identity(arn, ("ConnectionArn", arn), ("ConnectionStatus", "AVAILABLE"), ("OwnerAccountId", call.Account));
                }
            )
            {
                Arn = (_, id) => id,
            },
            new RecordedType(
                "AWS::EFS::FileSystem",
                "elasticfilesystem",
                ("CreateFileSystem", "UpdateFileSystem", "DeleteFileSystem"),
                call =>
                {
                    var id = $"fs-0{call.World.Random.HexId(16)}";
                    return Identity(id, ("FileSystemId", id), ("Arn", call.Arn("elasticfilesystem", $"file-system/{id}")));
                }
            )
            {
                ReadAction = "DescribeFileSystems",
                Takes = _ => World.Durations.FileSystemInStack,
            },
            new RecordedType(
                "AWS::IAM::InstanceProfile",
                "iam",
                ("CreateInstanceProfile", "AddRoleToInstanceProfile", "DeleteInstanceProfile"),
                call =>
                {
                    var name = call.NameFrom("InstanceProfileName", 128);
                    return Identity(name, ("Arn", InstanceProfileArn(call, name)));
                }
            )
            {
                ReadAction = "GetInstanceProfile",
                Arn = InstanceProfileArn,
                Takes = _ => World.Durations.InstanceProfileInStack,
            },
            Gateway(
                "Api",
                call =>
                {
                    var id = call.World.Random.HexId(10);
                    return Identity(id, ("ApiId", id), ("ApiEndpoint", $"https://{id}.execute-api.{call.Region}.amazonaws.com"));
                }
            ),
            Gateway("Integration", call => Id(call.World.Random.HexId(7))),
            Gateway("Route", call => Id(call.World.Random.HexId(7))),
            Gateway("Stage", call => Identity(call.Properties.Required("StageName"))) with
            {
                Within = "ApiId",
            },
        ];

    // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
    private static void CheckTopicName(string name, bool isFifo)
    {
        var plain = isFifo && name.EndsWith(".fifo", StringComparison.Ordinal) ? name[..^".fifo".Length] : name;
        if (name.Length is 0 or > 256 || plain.Length == 0 || !plain.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ApiException("InvalidParameter", "Invalid parameter: Topic Name");
        }

        if (isFifo && plain.Length == name.Length)
        {
            throw new ApiException(
                "InvalidParameter",
                "Invalid parameter: Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII "
                    + "letters, numbers, underscores, and hyphens"
            );
        }
    }

    private static string InstanceProfileArn(ResourceCall call, string name) =>
        $"arn:aws:iam::{call.Account}:instance-profile{call.Properties.Text("Path") ?? "/"}{name}";

    private static ResourceIdentity Id(string id) => Identity(id, ("Id", id));

    private static RecordedType Gateway(string name, Func<ResourceCall, ResourceIdentity> identify) =>
        new($"AWS::ApiGatewayV2::{name}", "apigateway", ("POST", "PATCH", "DELETE"), identify);
}
