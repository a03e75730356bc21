using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>The pipelines of every account. Errors are the API's.</summary>
public sealed class Pipelines(RehearsalWorld world)
{
    // https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
    private const int LongestConfigurationValue = 1000;

    private readonly Table<PipelineRecord> _pipelines = world.Store.Table<PipelineRecord>("codepipeline/pipelines");

    /// <summary>The pipeline, or <see langword="null"/>.</summary>
    public PipelineRecord? Find(string account, string region, string name) => _pipelines.Get(RegionalKey.Create(account, region, name));

    /// <summary>The pipeline.</summary>
    /// <exception cref="ApiException">PipelineNotFoundException.</exception>
    public PipelineRecord Get(string account, string region, string name) =>
        Find(account, region, name)
        ?? throw new ApiException("PipelineNotFoundException", $"Account '{account}' does not have a pipeline with name '{name}'");

    /// <summary>Adds a pipeline, or gives it a new version.</summary>
    /// <exception cref="ApiException">Its declaration is wrong, or asks for what is not simulated.</exception>
    public PipelineRecord Put(string account, string region, PipelineDeclaration declaration)
    {
        Check(account, declaration);
        var old = Find(account, region, declaration.Name);
        declaration.Version = (old?.Declaration.Version ?? 0) + 1;
        declaration.ExecutionMode ??= ExecutionMode.SUPERSEDED;
        declaration.PipelineType ??= PipelineType.V1;
        var record = new PipelineRecord(account, region, declaration, old?.Created ?? world.Now, world.Now);
        _pipelines.Put(RegionalKey.Create(account, region, declaration.Name), record);
        return record;
    }

    /// <summary>Forgets a pipeline; there need not be one.</summary>
    public void Delete(string account, string region, string name) => _pipelines.Remove(RegionalKey.Create(account, region, name));

    private static void Check(string account, PipelineDeclaration declaration)
    {
        // What starts a pipeline is not simulated: a rehearsal starts it.
        SimulatedMembers.Only(
            declaration,
            "Name",
            "RoleArn",
            "ArtifactStore",
            "Stages",
            "Version",
            "ExecutionMode",
            "PipelineType",
            "Variables",
            "Triggers"
        );
        if (declaration.ArtifactStore is null || declaration.Stages is not { Count: >= 2 })
        {
            throw new ApiException("InvalidStructureException", "A pipeline needs an artifact store and at least two stages.");
        }

        SimulatedMembers.Only(declaration.ArtifactStore, "Type", "Location", "EncryptionKey");
        // "You cannot use the default AWS KMS key … you must use a customer managed key":
        // https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html. CodePipeline takes such a
        // pipeline; its action then cannot read the artifacts, since nobody can give another account the use of the key that AWS manages.
        if (
            declaration.ArtifactStore.EncryptionKey is null
            && declaration
                .Stages.SelectMany(stage => stage.Actions)
                .FirstOrDefault(action => action.RoleArn?.Split(':') is [_, _, "iam", _, var other, ..] && other != account)
                is { } crossing
        )
        {
            throw Invalid(
                crossing,
                $"the rehearsal refuses a pipeline whose action runs as {crossing.RoleArn} of another account without an EncryptionKey "
                    + "of the ArtifactStore: on AWS it could not read the artifacts; expected a KMS key that the customer manages"
            );
        }

        if (
            declaration.ExecutionMode is { } mode
            && mode != ExecutionMode.SUPERSEDED
            && (declaration.PipelineType ?? PipelineType.V1) != PipelineType.V2
        )
        {
            throw new ApiException("InvalidStructureException", $"The execution mode {mode} requires a pipeline of the type V2.");
        }

        foreach (var stage in declaration.Stages)
        {
            SimulatedMembers.Only(stage, "Name", "Actions", "OnFailure");
            if (stage.OnFailure is { } failure)
            {
                SimulatedMembers.Only(failure, "Result", "RetryConfiguration");
                // "failure conditions with a rollback result type cannot be added to a PARALLEL mode pipeline":
                // https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
                if (declaration.ExecutionMode == ExecutionMode.PARALLEL && failure.Result == Result.ROLLBACK)
                {
                    throw new ApiException(
                        "InvalidStageDeclarationException",
                        $"Stage '{stage.Name}': a pipeline in PARALLEL mode cannot have a failure condition with the result ROLLBACK."
                    );
                }
            }

            foreach (var action in stage.Actions)
            {
                Check(action);
            }
        }
    }

    private static void Check(ActionDeclaration action)
    {
        SimulatedMembers.Only(
            action,
            "Name",
            "ActionTypeId",
            "RunOrder",
            "Configuration",
            "InputArtifacts",
            "OutputArtifacts",
            "RoleArn",
            "Region",
            "Namespace",
            "TimeoutInMinutes"
        );
        string[] needed = (action.ActionTypeId.Category.Value, action.ActionTypeId.Provider) switch
        {
            ("Source", "CodeStarSourceConnection") => ["ConnectionArn", "FullRepositoryId", "BranchName"],
            ("Source", "S3") => ["S3Bucket", "S3ObjectKey"],
            ("Approval", "Manual") => [],
            ("Invoke", "Lambda") => ["FunctionName"],
            ("Invoke", StateMachineActions.Provider) => ["StateMachineArn"],
            var (category, provider) => throw Invalid(
                action,
                $"the rehearsal does not simulate {category} actions of the provider {provider}"
            ),
        };
        var configuration = action.Configuration ?? [];
        if (Array.Find(needed, key => !configuration.ContainsKey(key)) is { } missing)
        {
            throw Invalid(action, $"is missing required configuration '{missing}'");
        }

        if (needed is ["ConnectionArn", ..] && configuration.GetValueOrDefault("OutputArtifactFormat", "CODE_ZIP") != "CODE_ZIP")
        {
            throw Invalid(action, "the rehearsal simulates the output artifact format CODE_ZIP only");
        }

        // "FilePath" takes the input from an artifact:
        // https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-StepFunctions.html
        if (needed is ["StateMachineArn"] && configuration.GetValueOrDefault("InputType", "Literal") != "Literal")
        {
            throw Invalid(action, "the rehearsal simulates the input type Literal only");
        }

        // "This attribute is available only to the manual approval ActionType":
        // https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
        if (action.TimeoutInMinutes is { } timeout && (action.ActionTypeId.Provider != "Manual" || timeout is < 5 or > 86_400))
        {
            throw Invalid(action, "TimeoutInMinutes is for manual approvals alone, from 5 to 86400");
        }

        foreach (var (key, value) in configuration)
        {
            if (value.Length is 0 or > LongestConfigurationValue)
            {
                throw Invalid(action, $"the value of '{key}' must have 1 to {LongestConfigurationValue} characters");
            }
        }
    }

    private static ApiException Invalid(ActionDeclaration action, string reason) =>
        new("InvalidActionDeclarationException", $"Action '{action.Name}': {reason}.");
}
