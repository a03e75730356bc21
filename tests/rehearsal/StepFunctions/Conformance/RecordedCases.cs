using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.Tests.StepFunctions.Conformance;

/// <summary>
/// The state machines recorded on AWS that lie beside the checkout, in <c>shared/conformance</c>. They are read in place and are no part of
/// this repository: where they are absent, the tests over them are skipped.
/// </summary>
public static class RecordedCases
{
    public const string Absent = "shared/conformance is not beside this checkout: the recorded cases are not here to compare with";

    private static readonly string? Folder = Repository.Shared("conformance");

    private static readonly Dictionary<string, Lazy<IReadOnlyDictionary<string, JsonObject>>> Files = new[]
    {
        "asl-cases",
        "asl-lambda_cases",
        "asl-validation_cases",
        "asl-history_cases",
    }.ToDictionary(f => f, f => new Lazy<IReadOnlyDictionary<string, JsonObject>>(() => Read(f)));

    /// <summary>The ids of a file's cases; one empty id when the file is absent, so that the skip is seen.</summary>
    public static TheoryData<string> Ids(string file) => new(Files[file].Value.Count == 0 ? [""] : Files[file].Value.Keys);

    public static JsonObject Case(string file, string id)
    {
        Assert.SkipWhen(id.Length == 0, Absent);
        return (JsonObject)Files[file].Value[id].DeepClone();
    }

    private static IReadOnlyDictionary<string, JsonObject> Read(string file) =>
        Folder is null
            ? new Dictionary<string, JsonObject>()
            : ((JsonArray)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file + ".json")))!)
                .Cast<JsonObject>()
                .ToDictionary(c => c["id"]!.GetValue<string>());
}
