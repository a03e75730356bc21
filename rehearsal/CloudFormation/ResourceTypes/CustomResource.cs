using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>A custom resource. The function or topic behind it is not asked: it answers what a file of the accounts says, or placeholders.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html</summary>
internal sealed class CustomResource(string type, CustomResourceAnswers answers) : IResourceType
{
    private const string Token = "ServiceToken";

    /// <inheritdoc/>
    public string Name => type;

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        _ = call.Properties.Required(Token);
        return Answer(call, call.GeneratedName());
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call)
    {
        var token = call.Properties.Required(Token);

        // A rollback gives the former token back.
        if (call.Action == StepAction.Update && call.Current!.Properties.Text(Token) != token)
        {
            throw new TemplateException("Modifying service token is not allowed.");
        }

        return Answer(call, call.Current!.PhysicalId!);
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        // Whatever the function behind it would take down is not simulated.
    }

    private ResourceIdentity Answer(ResourceCall call, string id)
    {
        SimulatedResource.Note(call, type);
        var answer = answers.Find(call.Stack.Name, call.LogicalId, type);
        return new ResourceIdentity(
            answer?.PhysicalId ?? id,
            answer?.Outputs.ToDictionary(output => output.Key, output => output.Value.DeepClone()) ?? []
        );
    }
}
