using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Sam;

/// <summary>A function's event of type <c>EventBridgeRule</c> (also under its old name <c>CloudWatchEvent</c>) or <c>Schedule</c>:
/// a rule and the permission to invoke.</summary>
internal static class SamEvent
{
    public static void Generate(SamResource source, string name, JsonNode? node, JsonObject resources)
    {
        var properties = node?["Properties"] as JsonObject ?? [];
        var type = node?["Type"].Text();
        var rule = type switch
        {
            "EventBridgeRule" or "CloudWatchEvent" => Rule(
                source,
                name,
                properties,
                ("Pattern", "EventPattern"),
                ("EventBusName", "EventBusName"),
                ("State", "State")
            ),
            "Schedule" => Rule(
                source,
                name,
                properties,
                ("Schedule", "ScheduleExpression"),
                ("Name", "Name"),
                ("Description", "Description"),
                ("State", "State")
            ),
            _ => null,
        };
        if (rule is null)
        {
            source.Limit($"Event with id [{name}] is invalid. Type '{type}' is not supported by the rehearsal.");
            return;
        }

        if (properties["Enabled"] is { } enabled)
        {
            rule["State"] = enabled.Text() == "true" ? "ENABLED" : "DISABLED";
        }

        var target = new JsonObject
        {
            ["Arn"] = Arn(source.Id),
            ["Id"] = properties["Target"]?["Id"]?.DeepClone() ?? $"{source.Id}{name}LambdaTarget",
        };
        foreach (var key in new[] { "Input", "InputPath", "InputTransformer", "RetryPolicy" })
        {
            if (properties[key] is { } value)
            {
                target[key] = value.DeepClone();
            }
        }

        rule["Targets"] = new JsonArray(target);
        resources[source.Id + name] = source.Generated("AWS::Events::Rule", rule);
        resources[$"{source.Id}{name}Permission"] = source.Generated(
            "AWS::Lambda::Permission",
            new JsonObject
            {
                ["Action"] = "lambda:InvokeFunction",
                ["FunctionName"] = new JsonObject { ["Ref"] = source.Id },
                ["Principal"] = "events.amazonaws.com",
                ["SourceArn"] = Arn(source.Id + name),
            }
        );
    }

    private static JsonObject Rule(SamResource source, string name, JsonObject properties, params (string From, string To)[] mapped)
    {
        string[] known = [.. mapped.Select(m => m.From), "Enabled", "Target", "Input", "InputPath", "InputTransformer", "RetryPolicy"];
        foreach (var odd in properties.Select(property => property.Key).Where(key => !known.Contains(key)))
        {
            source.Limit($"Event with id [{name}] is invalid. Property '{odd}' is not supported by the rehearsal.");
        }

        var rule = new JsonObject();
        foreach (var (from, to) in mapped)
        {
            if (properties[from] is { } value)
            {
                rule[to] = value.DeepClone();
            }
        }

        return rule;
    }

    private static JsonObject Arn(string id) => new() { ["Fn::GetAtt"] = new JsonArray(id, "Arn") };
}
