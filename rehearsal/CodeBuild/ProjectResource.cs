using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Deployer.Protocols;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>AWS::CodeBuild::Project.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html</remarks>
internal sealed class ProjectResource(Projects projects) : IResourceType
{
    public string Name => "AWS::CodeBuild::Project";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("Name", 255);
        var answer = call.Invoke(CodeBuildModel.Service, "CreateProject", Request(call, name));
        return Identity(name, ("Arn", answer["Project"]?["Arn"].Text() ?? Projects.ArnOf(call.Account, call.Region, name)));
    }

    /// <summary>The simulated API has no UpdateProject; the record is replaced under its permission.</summary>
    public ResourceIdentity Update(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        call.Authorize("codebuild", "UpdateProject", Projects.ArnOf(call.Account, call.Region, name));
        var operation = CodeBuildModel.Service.FindOperation("CreateProject")!;
        var document = PropertyShapes.Fit((Shape)operation.Request, Request(call, name));
        var wanted = (CreateProjectRequest)ServiceModel.RequestFromDocument(operation, JsonSerializer.SerializeToElement(document));
        CodeBuildService.CheckProject(wanted);
        call.World.Api.CheckPassRole(
            call.Principal,
            wanted.ServiceRole,
            "codebuild.amazonaws.com",
            sourceArn: Projects.ArnOf(call.Account, call.Region, name)
        );
        projects.Put(
            call.Account,
            call.Region,
            new Project
            {
                Name = name,
                Description = wanted.Description,
                Source = wanted.Source,
                SourceVersion = wanted.SourceVersion,
                Artifacts = wanted.Artifacts,
                Environment = wanted.Environment,
                ServiceRole = wanted.ServiceRole,
                TimeoutInMinutes = wanted.TimeoutInMinutes ?? 60,
                QueuedTimeoutInMinutes = wanted.QueuedTimeoutInMinutes ?? 480,
                Tags = wanted.Tags,
                LogsConfig = wanted.LogsConfig,
            }
        );
        return new ResourceIdentity(name, call.Current.Attributes);
    }

    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(CodeBuildModel.Service, "DeleteProject", new JsonObject { ["Name"] = call.Current!.PhysicalId });

    private static JsonObject Request(ResourceCall call, string name) =>
        call.Properties.Without("Name", "Tags").With("Name", name).With("Tags", call.Tags().AsList());
}
