using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.StepFunctions;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>AWS::StepFunctions::StateMachine.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html</remarks>
internal sealed partial class StateMachineResource(StateMachines machines) : IResourceType
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Name => "AWS::StepFunctions::StateMachine";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("StateMachineName", 80);
        var request = Request(call).With("Name", name).With("Type", call.Properties["StateMachineType"]).With("Tags", call.Tags().AsList());
        var arn = call.Invoke(StepFunctionsModel.Service, "CreateStateMachine", request)["StateMachineArn"].Text()!;
        return Identity(arn, ("Arn", arn), ("Name", name));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        call.Invoke(StepFunctionsModel.Service, "UpdateStateMachine", Request(call).With("StateMachineArn", call.Current!.PhysicalId));
        var machine = machines.Find(call.Current.PhysicalId!)!;
        call.Retag("states", machine.Arn, machine.Tags, tags => machines.Retag(machine, tags));
        return new ResourceIdentity(call.Current.PhysicalId!, call.Current.Attributes);
    }

    /// <remarks>
    /// Of the definition's properties DefinitionString alone is read: the others are written only. See
    /// https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions,
    /// statemachine/aws-stepfunctions-statemachine.json.
    /// </remarks>
    public ResourceReading? Read(ResourceCall call)
    {
        call.Authorize("states", "DescribeStateMachine", call.Current!.PhysicalId!);
        if (machines.Find(call.Current.PhysicalId!) is not { } machine)
        {
            return ResourceReading.Gone;
        }

        var read = new JsonObject { ["RoleArn"] = machine.RoleArn };
        if (call.Properties.Text("DefinitionString") is { } written)
        {
            read["DefinitionString"] = Definition(call) == machine.Definition ? written : machine.Definition;
        }

        return new ResourceReading(read);
    }

    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(
            StepFunctionsModel.Service,
            "DeleteStateMachine",
            new JsonObject { ["StateMachineArn"] = call.Current!.PhysicalId }
        );

    private static JsonObject Request(ResourceCall call) =>
        call
            .Properties.Without(
                "StateMachineName",
                "StateMachineType",
                "Definition",
                "DefinitionString",
                "DefinitionS3Location",
                "DefinitionSubstitutions",
                "Tags"
            )
            .With("Definition", Definition(call));

    private static string Definition(ResourceCall call)
    {
        var text = (
            call.Properties["DefinitionString"].Text(),
            call.Properties["Definition"],
            call.Properties["DefinitionS3Location"]
        ) switch
        {
            ({ } written, null, null) => written,
            (null, JsonObject definition, null) => definition.ToJsonString(Plain),
            (null, null, JsonObject location) => call.ReadObject(location.Required("Bucket"), location.Required("Key")),
            _ => throw new TemplateException(
                "Properties validation failed for resource with message: [#: exactly one of Definition, DefinitionString and "
                    + "DefinitionS3Location is needed]"
            ),
        };
        var substitutions = call.Properties["DefinitionSubstitutions"] as JsonObject ?? [];
        return Placeholder().Replace(text, match => substitutions.Text(match.Groups["name"].Value) ?? match.Value);
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z0-9_-]+)\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Placeholder();
}
