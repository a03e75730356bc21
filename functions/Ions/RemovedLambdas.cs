using System.Text.Json.Serialization;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Ions;

/// <summary>The Lambdas of ions that Datomic removes with a release, in a plan: those that <c>ion-config.edn</c> names no more.</summary>
public static class RemovedLambdas
{
    /// <summary>The part of a plan: the names of the functions; none when nothing was released before.</summary>
    public static readonly PlanPart<IReadOnlyList<string>> Part = new(
        "removedLambdas",
        RemovedLambdaDocuments.Default.IReadOnlyListString,
        names =>
            names.Select(name => new PlannedChange(
                ChangeKind.Removed,
                $"{name} AWS::Lambda::Function",
                "what calls it fails from then on"
            ))
    )
    {
        IsOfResources = true,
    };
}

/// <summary>How the names are written.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class RemovedLambdaDocuments : JsonSerializerContext;
