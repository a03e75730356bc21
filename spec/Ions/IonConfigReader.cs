using Deployer.Spec.Edn;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Ions;

/// <summary>Reads ion-config.edn.</summary>
internal sealed class IonConfigReader(FaultList faults)
{
    // Lambda's own limits: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    private const int MaxTimeoutSeconds = 900;
    private const int MaxConcurrency = 100_000;

    private readonly EdnFields _fields = new(faults);

    public IonConfig Read(EdnMap map)
    {
        _fields.CheckKeys(map, "ion-config.edn", ["app-name", "allow", "xforms", "lambdas", "http-direct"]);
        var name = _fields.Required<EdnString>(map, "app-name", "ion-config.edn", "the name of the application, a string");
        if (name?.Value.Length == 0)
        {
            _fields.Refuse(name, "app-name", "the name of the application");
        }
        return new IonConfig(
            name?.Value ?? "",
            name?.Position ?? map.Position,
            Functions(map, "allow"),
            Functions(map, "xforms"),
            [
                .. (_fields.Optional<EdnMap>(map, "lambdas", "a map from names to Lambda functions")?.Entries ?? [])
                    .Select(entry => Lambda(entry.Key, entry.Value))
                    .OfType<IonLambda>(),
            ],
            _fields.Optional<EdnMap>(map, "http-direct", "a map with :handler-fn") is { } http ? Http(http) : null
        );
    }

    private List<string> Functions(EdnMap map, string key) =>
        [.. _fields.Vector(map, key).Select(value => _fields.Function(value, key)).OfType<string>()];

    private IonLambda? Lambda(EdnValue key, EdnValue value)
    {
        if (
            key is not EdnKeyword { Namespace: null } name
            || !name.Name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
        )
        {
            faults.Add(
                key.Position,
                $"the Lambda function's name is {key.Description}",
                "a keyword of letters, digits, hyphens and underscores"
            );
            return null;
        }
        if (value is not EdnMap map)
        {
            faults.Add(value.Position, $"the Lambda function {key} is {value.Description}", "a map with :fn");
            return null;
        }
        _fields.CheckKeys(map, $"the Lambda function {key}", ["fn", "description", "timeout-secs", "concurrency-limit", "integration"]);
        return new IonLambda(
            name.Name,
            key.Position,
            _fields.Function(_fields.Required<EdnValue>(map, "fn", $"the Lambda function {key}", "a fully qualified symbol"), "fn") ?? "",
            _fields.Optional<EdnString>(map, "description", "a string")?.Value ?? "",
            _fields.Integer(map, "timeout-secs", least: 1, MaxTimeoutSeconds, @default: 60),
            map["concurrency-limit"] is EdnKeyword { FullName: "none" }
                ? null
                : _fields.Integer(map, "concurrency-limit", least: 1, MaxConcurrency, @default: 20),
            IsProxy(map)
        );
    }

    private bool IsProxy(EdnMap map)
    {
        switch (map["integration"])
        {
            case null:
                return false;
            case EdnKeyword { FullName: "api-gateway/proxy" }:
                return true;
            case var other:
                _fields.Refuse(other, "integration", ":api-gateway/proxy");
                return false;
        }
    }

    private HttpDirect Http(EdnMap map)
    {
        const string What = ":http-direct";
        _fields.CheckKeys(
            map,
            What,
            [
                "handler-fn",
                "pending-ops-queue-length",
                "processing-concurrency",
                "pending-ops-exceeded-message",
                "pending-ops-exceeded-code",
            ]
        );
        _fields.Optional<EdnString>(map, "pending-ops-exceeded-message", "a string");
        _fields.Integer(map, "pending-ops-exceeded-code", least: 100, most: 599, @default: 429);
        return new HttpDirect(
            _fields.Function(_fields.Required<EdnValue>(map, "handler-fn", What, "a fully qualified symbol"), "handler-fn") ?? "",
            _fields.Integer(map, "pending-ops-queue-length", least: 1, int.MaxValue, @default: 100),
            _fields.Integer(map, "processing-concurrency", least: 1, int.MaxValue, @default: 16)
        );
    }
}
