using System.Text.Json.Nodes;
using Amazon.CodePipeline;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>AWS::CodePipeline::Pipeline.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-pipeline.html</remarks>
internal sealed class PipelineResource : IResourceType
{
    public string Name => "AWS::CodePipeline::Pipeline";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call) => Put(call, "CreatePipeline", call.NameFrom("Name", 100));

    public ResourceIdentity Update(ResourceCall call) => Put(call, "UpdatePipeline", call.Current!.PhysicalId!);

    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(CodePipelineModel.Service, "DeletePipeline", new JsonObject { ["Name"] = call.Current!.PhysicalId });

    private static ResourceIdentity Put(ResourceCall call, string operation, string name)
    {
        var pipeline = call.Properties.Without("Name", "Tags", "RestartExecutionOnUpdate").With("Name", name);
        var answer = call.Invoke(CodePipelineModel.Service, operation, new JsonObject { ["Pipeline"] = pipeline });
        return Identity(name, ("Version", answer["Pipeline"]?["Version"].Text() ?? "1"));
    }
}
