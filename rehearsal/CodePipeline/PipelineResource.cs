using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Protocols;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>AWS::CodePipeline::Pipeline.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-pipeline.html</remarks>
internal sealed class PipelineResource(Pipelines pipelines) : IResourceType
{
    private const string Creation = "CreatePipeline";

    public string Name => "AWS::CodePipeline::Pipeline";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("Name", 100);
        var answer = call.Invoke(CodePipelineModel.Service, Creation, Request(call, name));
        return Identity(name, ("Version", answer["Pipeline"]?["Version"].Text() ?? "1"));
    }

    /// <summary>The simulated API has no UpdatePipeline; the record is replaced under its permission.</summary>
    /// <remarks>https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_UpdatePipeline.html</remarks>
    public ResourceIdentity Update(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        call.Authorize("codepipeline", "UpdatePipeline", call.Arn("codepipeline", name));
        var operation = CodePipelineModel.Service.FindOperation(Creation)!;
        var document = PropertyShapes.Fit((Shape)operation.Request, Request(call, name));
        var wanted = (CreatePipelineRequest)ServiceModel.RequestFromDocument(operation, JsonSerializer.SerializeToElement(document));
        call.World.Api.CheckPassRole(
            call.Principal,
            wanted.Pipeline.RoleArn,
            "codepipeline.amazonaws.com",
            sourceArn: call.Arn("codepipeline", name)
        );
        var record = pipelines.Put(call.Account, call.Region, wanted.Pipeline);
        return Identity(name, ("Version", $"{record.Declaration.Version}"));
    }

    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(CodePipelineModel.Service, "DeletePipeline", new JsonObject { ["Name"] = call.Current!.PhysicalId });

    private static JsonObject Request(ResourceCall call, string name) =>
        new() { ["Pipeline"] = call.Properties.Without("Name", "Tags", "RestartExecutionOnUpdate").With("Name", name) };
}
