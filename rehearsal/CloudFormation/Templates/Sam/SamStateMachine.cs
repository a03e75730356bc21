using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Sam;

/// <summary><c>AWS::Serverless::StateMachine</c>.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html</summary>
internal static class SamStateMachine
{
    public static void Generate(SamResource source, JsonObject resources)
    {
        source.AllowOnly(
            "Definition",
            "DefinitionUri",
            "DefinitionSubstitutions",
            "Logging",
            "Name",
            "PermissionsBoundary",
            "Policies",
            "Role",
            "Tags",
            "Tracing",
            "Type"
        );
        var properties = new JsonObject();
        switch (source.Properties["Definition"], source.Properties["DefinitionUri"])
        {
            case (JsonObject definition, null):
                properties["Definition"] = definition.DeepClone();
                break;
            case (null, not null):
                properties["DefinitionS3Location"] = source.S3Location("DefinitionUri", "Bucket", "Key", "Version");
                break;
            default:
                throw source.Invalid("Specify either 'Definition' or 'DefinitionUri' property and not both.");
        }

        properties["RoleArn"] = SamRole.Arn(source, "states.amazonaws.com", "stateMachine:createdBy", [], resources);
        properties["StateMachineType"] = source.Properties["Type"]?.DeepClone() ?? "STANDARD";
        properties["Tags"] = source.Tags("stateMachine:createdBy");
        source.Copy(properties, "DefinitionSubstitutions");
        foreach (
            var (from, to) in new[]
            {
                ("Name", "StateMachineName"),
                ("Logging", "LoggingConfiguration"),
                ("Tracing", "TracingConfiguration"),
            }
        )
        {
            if (source.Properties[from] is { } value)
            {
                properties[to] = value.DeepClone();
            }
        }

        resources[source.Id] = source.Generated("AWS::StepFunctions::StateMachine", properties, isMain: true);
    }
}
