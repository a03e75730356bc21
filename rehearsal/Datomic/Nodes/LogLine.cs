using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.Datomic.Nodes;

/// <summary>The lines of Datomic's log: JSON objects with <c>Msg</c>, <c>Type</c> and, for exceptions, <c>Ex</c>.</summary>
/// <remarks>https://docs.datomic.com/cloud/operation/monitoring.html and cloud-troubleshooting ("Assert failed: cfg").</remarks>
internal static class LogLine
{
    /// <summary>Something happened.</summary>
    public static JsonObject Event(string message, string? revision = null)
    {
        var line = new JsonObject { ["Msg"] = message, ["Type"] = "Event" };
        if (revision is not null)
        {
            line["Rev"] = revision;
        }

        return line;
    }

    /// <summary>Something that asks for an operator.</summary>
    public static JsonObject Alert() => new() { ["Msg"] = "Alert - Alerts", ["Type"] = "Alert" };

    /// <summary>The most common reason why a revision does not load: a connection made while a namespace loads.</summary>
    public static JsonObject LoadFailure(string revision) =>
        new()
        {
            ["Msg"] = "LoadIonsFailed",
            ["Type"] = "Alert",
            ["Rev"] = revision,
            ["Ex"] = new JsonObject
            {
                ["Cause"] = "Assert failed: cfg",
                ["Via"] = new JsonArray(
                    new JsonObject
                    {
                        ["Type"] = "clojure.lang.Compiler$CompilerException",
                        ["Message"] = "Syntax error compiling at (1:1).",
                        ["At"] = new JsonArray("clojure.lang.Compiler", "load", "Compiler.java", 7652),
                    },
                    new JsonObject
                    {
                        ["Type"] = "java.lang.AssertionError",
                        ["Message"] = "Assert failed: cfg",
                        ["At"] = new JsonArray("datomic.client.impl.local$create_client", "invokeStatic", "local.clj", 97),
                    }
                ),
            },
        };
}
