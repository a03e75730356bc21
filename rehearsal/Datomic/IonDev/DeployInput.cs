using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>
/// The input of <c>datomic-group</c>. It is not documented; its outline (a code deployment; lists to create, update and
/// delete with indices counting down; a common part) is seen in Datomic/ion-starter issue 5, the rest is chosen.
/// </summary>
internal static class DeployInput
{
    public static string Write(string application, string group, string bucket, string key, LambdaDifference difference) =>
        new JsonObject
        {
            ["codeDeploy"] = new JsonObject
            {
                ["deployment"] = new JsonObject
                {
                    ["ApplicationName"] = application,
                    ["DeploymentGroupName"] = group,
                    ["Revision"] = new JsonObject
                    {
                        ["RevisionType"] = "S3",
                        ["S3Location"] = new JsonObject
                        {
                            ["Bucket"] = bucket,
                            ["Key"] = key,
                            ["BundleType"] = "zip",
                        },
                    },
                },
            },
            ["lambda"] = new JsonObject
            {
                ["c"] = Items(difference.Create, lambda => Item(group, lambda)),
                ["cI"] = difference.Create.Count - 1,
                ["u"] = Items(difference.Update, lambda => Item(group, lambda)),
                ["uI"] = difference.Update.Count - 1,
                ["d"] = Items(difference.Delete, name => new JsonObject { ["name"] = $"{group}-{name}" }),
                ["dI"] = difference.Delete.Count - 1,
                ["common"] = new JsonObject
                {
                    ["Runtime"] = "java17",
                    ["Handler"] = "datomic.ion.lambda.handler.Thunk::handleRequest",
                    ["MemorySize"] = 256,
                    ["S3Bucket"] = bucket,
                    ["S3Key"] = Push.LambdaPackage,
                },
            },
        }.ToJsonString();

    private static JsonArray Items<T>(IReadOnlyList<T> items, Func<T, JsonNode> write) => [.. items.Select(write)];

    private static JsonObject Item(string group, IonLambda lambda) =>
        new()
        {
            ["name"] = $"{group}-{lambda.Name}",
            ["fn"] = lambda.Fn,
            ["description"] = lambda.Description,
            ["timeout"] = lambda.TimeoutSeconds,
            ["concurrency"] = lambda.ConcurrencyLimit is { } limit ? limit : "none",
        };
}
