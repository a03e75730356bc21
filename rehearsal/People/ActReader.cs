using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.People;

/// <summary>Reads what is done.</summary>
internal sealed partial class ActReader(ScheduleNodes nodes)
{
    /// <summary>A word alone (<c>do: stop</c>), or a mapping of one word to what it takes.</summary>
    /// <param name="node">What <c>do</c> says.</param>
    /// <param name="when">When it is done; <see langword="null"/> when that is not as expected.</param>
    /// <returns><see langword="null"/>, with a fault, when it is not as expected.</returns>
    public PersonAct? Read(YamlNode node, Trigger? when)
    {
        var (word, value) = node switch
        {
            YamlScalarNode => (node, null),
            YamlMappingNode { Children: [var only] } => (only.Key, only.Value),
            _ => ((YamlNode?)null, (YamlNode?)null),
        };
        var verb = (word as YamlScalarNode)?.Value;
        if (verb is null || !ScheduleNodes.Verbs.Contains(verb))
        {
            var problem = verb is null ? "not one thing to do" : $"'{verb}' is not known";
            nodes.Fault(word ?? node, $"{problem}; expected one of {string.Join(", ", ScheduleNodes.Verbs)}");
            return null;
        }

        var map = value is null or YamlScalarNode { Value: "" or null }
            ? new YamlMappingNode()
            : nodes.Map(value, verb, "expected a mapping");
        if (map is null)
        {
            return null;
        }

        var faults = nodes.Faults.Count;
        var act = Make(verb, new ActArguments(nodes, map, node), when);
        return faults == nodes.Faults.Count ? act : null;
    }

    private static PersonAct Make(string verb, ActArguments given, Trigger? when)
    {
        switch (verb)
        {
            case "stop":
                return new PersonAct.Stop(given.Count("deployment"));
            case "redrive":
                return new PersonAct.Redrive(given.Count("deployment"));
            case "deploy":
                return new PersonAct.Deploy(given.Folder("service"), given.Steps("steps"));
            case "approve" or "reject":
                return new PersonAct.Decide(
                    verb == "approve",
                    given.Optional("plan", ActArguments.AnyName(), "a plan's id or ARN"),
                    given.Reason()
                );
            case "createChangeSet":
                return new PersonAct.CreateChangeSet(given.Change(), given.Text("name", ChangeSetName(), "a change set's name"));
            case "executeChangeSet":
                return new PersonAct.ExecuteChangeSet(given.Stack(), given.Text("name", ChangeSetName(), "a change set's name"));
            case "changeStack":
                return new PersonAct.ChangeStack(given.Change());
            case "deleteStack":
                return new PersonAct.DeleteStack(given.Stack());
            case "moveAlias":
                return new PersonAct.MoveAlias(
                    given.Function(),
                    given.Text("alias", AliasName(), "an alias"),
                    given.Text("version", VersionName(), "a version such as 3, or $LATEST")
                );
            case "setVariables":
                return new PersonAct.SetVariables(given.Function(), given.Variables());
            case "changeResource":
                return new PersonAct.ChangeResource(
                    given.Stack(),
                    given.Text("resource", LogicalId(), "a resource's logical id"),
                    given.Properties()
                );
            case "turnOff":
                return new PersonAct.TurnOff(given.Text("group", ActArguments.AnyName(), "a compute group"));
            case "delay":
                return given.Delay(when);
            case "pause":
                return given.Pause(when);
            case "readStale":
                return given.ReadStale();
            default:
                return given.Kill(when);
        }
    }

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
    [GeneratedRegex(@"^[a-zA-Z][-a-zA-Z0-9]{0,127}\z", RegexOptions.None, 60_000)]
    private static partial Regex ChangeSetName();

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
    [GeneratedRegex(@"^[a-zA-Z0-9]{1,255}\z", RegexOptions.None, 60_000)]
    private static partial Regex LogicalId();

    // https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
    [GeneratedRegex(@"^(?![0-9]+\z)[a-zA-Z0-9-_]{1,128}\z", RegexOptions.None, 60_000)]
    private static partial Regex AliasName();

    [GeneratedRegex(@"^(\$LATEST|[0-9]{1,9})\z", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex VersionName();
}
