using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Types of which only the record is kept although their service is played: until they are handed to it.</summary>
internal static class RecordedForNow
{
    public static IEnumerable<RecordedType> Types =>
    [
        new("AWS::IAM::Role", "iam", ("CreateRole", "UpdateRole", "DeleteRole"), call => Named(call, "RoleName", 64, name => $"arn:aws:iam::{call.Account}:role{call.Properties.Text("Path") ?? "/"}{name}", ("RoleId", "AROA" + call.World.Random.UpperId(17))))
            { Takes = call => call.Action == StepAction.Create ? Durations.RoleInStack : Durations.Resource },
        new("AWS::IAM::InstanceProfile", "iam", ("CreateInstanceProfile", "AddRoleToInstanceProfile", "DeleteInstanceProfile"), call => Named(call, "InstanceProfileName", 128, name => $"arn:aws:iam::{call.Account}:instance-profile{call.Properties.Text("Path") ?? "/"}{name}")),
        new("AWS::IAM::Policy", "iam", ("PutRolePolicy", "PutRolePolicy", "DeleteRolePolicy"), call => Identity(call.GeneratedName())),
        new("AWS::IAM::ManagedPolicy", "iam", ("CreatePolicy", "CreatePolicyVersion", "DeletePolicy"), call =>
        {
            var arn = $"arn:aws:iam::{call.Account}:policy{call.Properties.Text("Path") ?? "/"}{call.NameFrom("ManagedPolicyName", 128)}";
            return Identity(arn, ("PolicyArn", arn));
        }),
        new("AWS::S3::Bucket", "s3", ("CreateBucket", "PutBucketTagging", "DeleteBucket"), call =>
        {
            var name = call.Properties.Text("BucketName") ?? call.GeneratedName(63).ToLowerInvariant();
            return Identity(name, ("Arn", $"arn:aws:s3:::{name}"), ("DomainName", $"{name}.s3.amazonaws.com"), ("RegionalDomainName", $"{name}.s3.{call.Region}.amazonaws.com"));
        }),
        new("AWS::S3::BucketPolicy", "s3", ("PutBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"), call => Identity(call.Properties.Required("Bucket"))),
        new("AWS::DynamoDB::Table", "dynamodb", ("CreateTable", "UpdateTable", "DeleteTable"), call => Named(call, "TableName", 255, name => call.Arn("dynamodb", $"table/{name}"))) { Takes = _ => Durations.TableInStack },
        new("AWS::Lambda::Function", "lambda", ("CreateFunction", "UpdateFunctionConfiguration", "DeleteFunction"), call => Named(call, "FunctionName", 64, name => call.Arn("lambda", $"function:{name}"))),
        new("AWS::Lambda::Permission", "lambda", ("AddPermission", "AddPermission", "RemovePermission"), call => Identity(call.GeneratedName())),
        new("AWS::Lambda::Alias", "lambda", ("CreateAlias", "UpdateAlias", "DeleteAlias"), call => Identity(FunctionArn(call, call.Properties.Required("Name")), ("AliasArn", FunctionArn(call, call.Properties.Required("Name"))))),
        new("AWS::Lambda::Version", "lambda", ("PublishVersion", "PublishVersion", "DeleteFunction"), call => Identity(FunctionArn(call, "1"), ("Version", "1"), ("FunctionArn", FunctionArn(call, "1")))),
        new("AWS::Lambda::EventInvokeConfig", "lambda", ("PutFunctionEventInvokeConfig", "PutFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig"), call => Identity(call.GeneratedName())),
        new("AWS::StepFunctions::StateMachine", "states", ("CreateStateMachine", "UpdateStateMachine", "DeleteStateMachine"), call =>
        {
            var name = call.NameFrom("StateMachineName", 80);
            var arn = call.Arn("states", $"stateMachine:{name}");
            return Identity(arn, ("Arn", arn), ("Name", name));
        }),
        new("AWS::Events::Rule", "events", ("PutRule", "PutRule", "DeleteRule"), call => Named(call, "Name", 64, name => call.Arn("events", $"rule/{name}"))),
        new("AWS::Events::EventBus", "events", ("CreateEventBus", "UpdateEventBus", "DeleteEventBus"), call => Named(call, "Name", 256, name => call.Arn("events", $"event-bus/{name}"), ("Name", call.Properties.Required("Name")))),
        new("AWS::Events::EventBusPolicy", "events", ("PutPermission", "PutPermission", "RemovePermission"), call => Identity($"{call.Properties.Text("EventBusName") ?? "default"}|{call.Properties.Required("StatementId")}")),
        new("AWS::CodeBuild::Project", "codebuild", ("CreateProject", "UpdateProject", "DeleteProject"), call => Named(call, "Name", 255, name => call.Arn("codebuild", $"project/{name}"))),
        new("AWS::CodePipeline::Pipeline", "codepipeline", ("CreatePipeline", "UpdatePipeline", "DeletePipeline"), call => Identity(call.NameFrom("Name", 100), ("Version", "1"))),
        new("AWS::CodeDeploy::Application", "codedeploy", ("CreateApplication", "UpdateApplication", "DeleteApplication"), call => Identity(call.NameFrom("ApplicationName", 100))),
        new("AWS::CodeDeploy::DeploymentGroup", "codedeploy", ("CreateDeploymentGroup", "UpdateDeploymentGroup", "DeleteDeploymentGroup"), call => Identity(call.NameFrom("DeploymentGroupName", 100))),
        new("AWS::SSM::Parameter", "ssm", ("PutParameter", "PutParameter", "DeleteParameter"), call => Identity(call.NameFrom("Name", 1011), ("Type", call.Properties.Required("Type")), ("Value", call.Properties.Required("Value")))),
        new("AWS::Logs::LogGroup", "logs", ("CreateLogGroup", "PutRetentionPolicy", "DeleteLogGroup"), call => Named(call, "LogGroupName", 512, name => call.Arn("logs", $"log-group:{name}:*"))),
        new("AWS::AutoScaling::AutoScalingGroup", "autoscaling", ("CreateAutoScalingGroup", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup"), call => Named(call, "AutoScalingGroupName", 255, name => call.Arn("autoscaling", $"autoScalingGroup:*:autoScalingGroupName/{name}")))
            { Takes = GroupDuration },
    ];

    private static PlayedDuration GroupDuration(ResourceCall call) => call.Action switch
    {
        StepAction.Create => Durations.GroupInStack,
        StepAction.Delete => Durations.GroupDeletion,
        _ => Durations.GroupRollingUpdate,
    };

    private static string FunctionArn(ResourceCall call, string qualifier)
    {
        var function = call.Properties.Required("FunctionName");
        return $"{(function.StartsWith("arn:", StringComparison.Ordinal) ? function : call.Arn("lambda", $"function:{function}"))}:{qualifier}";
    }

    private static ResourceIdentity Named(ResourceCall call, string property, int limit, Func<string, string> arn, params (string Name, System.Text.Json.Nodes.JsonNode Value)[] more)
    {
        var name = call.NameFrom(property, limit);
        return Identity(name, [("Arn", arn(name)), .. more]);
    }
}
