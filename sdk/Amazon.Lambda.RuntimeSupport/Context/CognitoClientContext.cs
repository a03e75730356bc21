using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The client context header: <c>{"client": {…}, "custom": {…}, "env": {…}}</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-context.html</remarks>
internal sealed class CognitoClientContext : IClientContext
{
    private CognitoClientContext(JsonElement root)
    {
        Environment = Strings(root, "env");
        Client = new CognitoClientApplication(Strings(root, "client"));
        Custom = Strings(root, "custom");
    }

    public IDictionary<string, string> Environment { get; }

    public IClientApplication Client { get; }

    public IDictionary<string, string> Custom { get; }

    public static CognitoClientContext? Parse(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return new CognitoClientContext(document.RootElement);
    }

    private static Dictionary<string, string> Strings(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object
            ? member
                .EnumerateObject()
                .ToDictionary(property => property.Name, property => property.Value.ToString(), StringComparer.Ordinal)
            : [];

    private sealed class CognitoClientApplication(Dictionary<string, string> values) : IClientApplication
    {
        public string? AppPackageName => values.GetValueOrDefault("app_package_name");

        public string? AppTitle => values.GetValueOrDefault("app_title");

        public string? AppVersionCode => values.GetValueOrDefault("app_version_code");

        public string? AppVersionName => values.GetValueOrDefault("app_version_name");

        public string? InstallationId => values.GetValueOrDefault("installation_id");
    }
}
