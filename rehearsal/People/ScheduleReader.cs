using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.People;

/// <summary>Reads a schedule file. Everything that is wrong in it is reported at once, each with its position.</summary>
public sealed partial class ScheduleReader
{
    /// <summary>The keys of each mapping, as <c>docs/schedule.schema.json</c> has them too.</summary>
    internal static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Keys = new Dictionary<string, IReadOnlyList<string>>
    {
        ["file"] = ["people", "schedule"],
        ["person"] = ["may"],
        ["act"] = ["who", "when", "do"],
        ["when"] = ["at", "begins", "ends", "closes", "occurrence", "request", "of", "invocation", "operation", "wait"],
        ["stop"] = ["deployment"],
        ["redrive"] = ["deployment"],
        ["deploy"] = ["service", "steps"],
        ["createChangeSet"] = ["stack", "name", "parameters", "tags"],
        ["executeChangeSet"] = ["stack", "name"],
        ["changeStack"] = ["stack", "parameters", "tags"],
        ["deleteStack"] = ["stack"],
        ["moveAlias"] = ["function", "alias", "version"],
        ["setVariables"] = ["function", "variables"],
        ["turnOff"] = ["group"],
        ["delay"] = ["by"],
        ["kill"] = ["function"],
    };

    /// <summary>What can be done.</summary>
    internal static readonly IReadOnlyList<string> Verbs = [.. Keys.Keys.Except(["file", "person", "act", "when"])];

    private const long LongestFile = 1 << 20;

    /// <summary>What is expected when a schedule holds nothing.</summary>
    private const string Contents = "expected the key 'schedule' with a list of who does what, and when";

    private static readonly string[] Triggers = ["at", "begins", "ends", "closes", "request"];

    private readonly string _path;
    private readonly ScheduleNames _names;
    private readonly List<string> _faults = [];

    private ScheduleReader(string path, ScheduleNames names) => (_path, _names) = (path, names);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">What it may name.</param>
    /// <exception cref="ScheduleException">It is missing or not as expected; the message has a line for each fault.</exception>
    public static Schedule Read(string path, ScheduleNames names)
    {
        if (!File.Exists(path))
        {
            throw new ScheduleException($"{path}: there is no such file; {Contents}");
        }

        try
        {
            if (new FileInfo(path).Length > LongestFile)
            {
                throw new ScheduleException($"{path}: the file has more than {LongestFile} bytes; {Contents}");
            }

            return new ScheduleReader(path, names).Read(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ScheduleException($"{path}: {exception.Message}", exception);
        }
    }

    private Schedule Read(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new ScheduleException($"{_path}:{exception.Start.Line}:{exception.Start.Column}: {exception.Message}", exception);
        }

        if (stream.Documents.Count != 1)
        {
            throw new ScheduleException($"{_path}:1:1: the file holds {stream.Documents.Count} documents; {Contents}");
        }

        var root = Map(stream.Documents[0].RootNode, "file", Contents);
        var people = root is null ? [] : People(root);
        var acts = root is null ? [] : Acts(root, people);
        return _faults.Count == 0 ? new Schedule(_path, people, acts) : throw new ScheduleException(string.Join('\n', _faults));
    }

    private List<Person> People(YamlMappingNode root)
    {
        var people = new List<Person>();
        foreach (var (key, value) in Find(root, "people") is { } found ? Entries(found) : [])
        {
            if (Name(key, PersonName(), "a name of letters, digits and dashes, at most 32") is { } name)
            {
                var map = value is YamlScalarNode { Value: "" or null } ? null : Map(value, "person", "expected the key 'may'");
                people.Add(new Person(name, map is not null && Find(map, "may") is { } may ? Actions(may) : null));
            }
        }

        return people;
    }

    private List<string> Actions(YamlNode node) =>
        [.. Texts(node, "an IAM action such as states:StopExecution", ActionName()).Select(action => action.Text)];

    private List<ScheduledAct> Acts(YamlMappingNode root, List<Person> people)
    {
        if (Find(root, "schedule") is not { } list)
        {
            Fault(root, $"the key 'schedule' is missing; {Contents}");
            return [];
        }

        if (list is not YamlSequenceNode { Children.Count: > 0 } sequence)
        {
            Fault(list, "the schedule is empty; expected a list of who does what, and when");
            return [];
        }

        var declared = people.ConvertAll(person => person.Name);
        var acts = sequence.Children.Select(node => Act(node, declared)).OfType<ScheduledAct>().ToList();
        people.AddRange(acts.Select(act => act.Who).Distinct().Except(declared).Select(name => new Person(name, null)));
        return acts;
    }

    private ScheduledAct? Act(YamlNode node, IReadOnlyList<string> people)
    {
        if (Map(node, "act", "expected a mapping with 'when' and 'do'") is not { } map)
        {
            return null;
        }

        var who = Find(map, "who") is { } named ? Who(named, people) : Schedule.Somebody;
        var when = Required(map, "when") is { } trigger ? When(trigger) : null;
        var what = Required(map, "do") is { } act ? Do(act, when) : null;
        return who is null || when is null || what is null ? null : new ScheduledAct(who, when, what, Position(node));
    }

    /// <summary>Where people are listed, a name that is not among them is a slip.</summary>
    private string? Who(YamlNode node, IReadOnlyList<string> people)
    {
        var name = Name(node, PersonName(), "a name of letters, digits and dashes, at most 32");
        if (name is null || people.Count == 0 || people.Contains(name))
        {
            return name;
        }

        Fault(node, $"'{name}' is none of the people; expected one of {string.Join(", ", people)}");
        return null;
    }

    private Trigger? When(YamlNode node)
    {
        if (Map(node, "when", $"expected a mapping with one of {string.Join(", ", Triggers)}") is not { } map)
        {
            return null;
        }

        var kinds = Triggers.Where(kind => Find(map, kind) is not null).ToList();
        if (kinds is not [var chosen])
        {
            var found = kinds.Count == 0 ? "no trigger" : $"{string.Join(" and ", kinds)} together";
            Fault(node, $"{found}; expected one of {string.Join(", ", Triggers)}");
            return null;
        }

        string[] others = chosen switch
        {
            "at" => [],
            "request" => ["of", "invocation", "operation", "wait"],
            "closes" => ["occurrence", "wait"],
            _ => ["wait"],
        };
        var stray = map.Children.Keys.FirstOrDefault(key => Text(key) is var name && name != chosen && !others.Contains(name));
        if (stray is not null)
        {
            Fault(
                stray,
                $"'{Text(stray)}' does not go with '{chosen}'; expected {(others.Length == 0 ? "nothing else" : string.Join(", ", others))}"
            );
            return null;
        }

        var value = Find(map, chosen)!;
        var trigger = chosen switch
        {
            "at" => Time(value) is { } time ? new Trigger.At(time) : null,
            "begins" or "ends" => Progress(value, chosen == "ends"),
            "closes" => Closes(map, value),
            _ => Request(map, value),
        };
        var wait = Find(map, "wait") is { } later ? Time(later) : TimeSpan.Zero;
        return trigger is null || wait is null ? null : trigger with { Wait = wait.Value };
    }

    private Trigger? Progress(YamlNode node, bool ends)
    {
        var text = Value(node);
        var parts = text?.Split('/');
        switch (parts)
        {
            case null:
                return null;
            case [var step, var task]:
                return Known(node, "step", step, _names.Steps) & Known(node, "task", task, _names.Tasks)
                    ? new Trigger.Progress(step, task, ends)
                    : null;
            case [var name] when _names.Tasks.Contains(name):
                return new Trigger.Progress(null, name, ends);
            default:
                return Known(node, "step or task", text!, [.. _names.Steps, .. _names.Tasks])
                    ? new Trigger.Progress(text, null, ends)
                    : null;
        }
    }

    private Trigger? Closes(YamlMappingNode map, YamlNode deployment)
    {
        var number = Count(deployment);
        var occurrence = Find(map, "occurrence") is { } which ? Count(which) : 1;
        return number is null || occurrence is null ? null : new Trigger.Closes(number.Value, occurrence.Value);
    }

    private Trigger? Request(YamlMappingNode map, YamlNode number)
    {
        var count = Count(number);
        var of = Required(map, "of");
        var function = of is null ? null : Value(of);
        var isKnown = function is not null && Known(of!, "function", function, _names.Functions);
        var invocation = Find(map, "invocation") is { } which ? Count(which) ?? 0 : (int?)null;
        var operation = Find(map, "operation") is { } filter
            ? Name(filter, OperationName(), "a service and its operation such as cloudformation:ExecuteChangeSet")
            : null;
        return count is null || !isKnown || invocation == 0 || (operation is null && Find(map, "operation") is not null)
            ? null
            : new Trigger.Request(function!, count.Value, invocation, operation);
    }

    /// <summary>A word alone (<c>do: stop</c>), or a mapping of one word to what it takes.</summary>
    private PersonAct? Do(YamlNode node, Trigger? when)
    {
        var (word, value) = node switch
        {
            YamlScalarNode => (node, null),
            YamlMappingNode { Children: [var only] } => (only.Key, only.Value),
            _ => ((YamlNode?)null, (YamlNode?)null),
        };
        var verb = (word as YamlScalarNode)?.Value;
        if (verb is null || !Verbs.Contains(verb))
        {
            Fault(
                word ?? node,
                $"{(verb is null ? "not one thing to do" : $"'{verb}' is not known")}; expected one of {string.Join(", ", Verbs)}"
            );
            return null;
        }

        var map = value is null or YamlScalarNode { Value: "" or null } ? new YamlMappingNode() : Map(value, verb, "expected a mapping");
        if (map is null)
        {
            return null;
        }

        var faults = _faults.Count;
        var act = Read(verb, new Arguments(this, map, node), when);
        return faults == _faults.Count ? act : null;
    }

    private static PersonAct Read(string verb, Arguments given, Trigger? when)
    {
        switch (verb)
        {
            case "stop":
                return new PersonAct.Stop(given.Count("deployment"));
            case "redrive":
                return new PersonAct.Redrive(given.Count("deployment"));
            case "deploy":
                return new PersonAct.Deploy(given.Folder("service"), given.Steps("steps"));
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
            case "turnOff":
                return new PersonAct.TurnOff(given.Text("group", AnyName(), "a compute group"));
            case "delay":
                return given.Delay(when);
            default:
                return given.Kill(when);
        }
    }

    private YamlMappingNode? Map(YamlNode node, string kind, string expected)
    {
        if (node is not YamlMappingNode map)
        {
            Fault(node, expected.StartsWith("expected", StringComparison.Ordinal) ? $"not a mapping; {expected}" : expected);
            return null;
        }

        foreach (var key in map.Children.Keys)
        {
            if ((key as YamlScalarNode)?.Value is not { } name || !Keys[kind].Contains(name))
            {
                Fault(key, $"unknown key '{Text(key) ?? "which is not a text"}'; expected {string.Join(", ", Keys[kind])}");
            }
        }

        return map;
    }

    private IEnumerable<KeyValuePair<YamlNode, YamlNode>> Entries(YamlNode node)
    {
        if (node is YamlMappingNode { Children.Count: > 0 } map)
        {
            return map.Children;
        }

        Fault(node, "expected a mapping of names");
        return [];
    }

    private YamlNode? Required(YamlMappingNode map, string key)
    {
        var found = Find(map, key);
        if (found is null)
        {
            Fault(map, $"the key '{key}' is missing");
        }

        return found;
    }

    private static YamlNode? Find(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private TimeSpan? Time(YamlNode node)
    {
        if (Value(node) is not { } text)
        {
            return null;
        }

        if (text.StartsWith('-'))
        {
            Fault(node, $"{text} is negative; {ScheduleTime.Expected}");
            return null;
        }

        var time = ScheduleTime.Parse(text);
        if (time is null || time > ScheduleTime.Longest)
        {
            var what = time is null ? "no length of time" : $"more than {ScheduleTime.Text(ScheduleTime.Longest)}";
            Fault(node, $"'{text}' is {what}; {ScheduleTime.Expected}");
            return null;
        }

        return time;
    }

    private int? Count(YamlNode node)
    {
        if (Value(node) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return count;
        }

        Fault(node, $"'{text}' is no count; expected a whole number from 1");
        return null;
    }

    private string? Name(YamlNode node, Regex pattern, string expected)
    {
        if (Value(node) is not { } text)
        {
            return null;
        }

        if (pattern.IsMatch(text))
        {
            return text;
        }

        Fault(node, $"'{text}' is not {expected}");
        return null;
    }

    private IEnumerable<(string Text, YamlNode Node)> Texts(YamlNode node, string expected, Regex pattern)
    {
        if (node is YamlSequenceNode { Children.Count: > 0 } list)
        {
            return
            [
                .. list.Children.Select(item => (Text: Name(item, pattern, expected)!, Node: item)).Where(item => item.Text is not null),
            ];
        }

        Fault(node, $"expected a list, each {expected}");
        return [];
    }

    private bool Known(YamlNode node, string kind, string name, IReadOnlyList<string> known)
    {
        if (known.Contains(name))
        {
            return true;
        }

        Fault(node, $"there is no {kind} '{name}'; expected one of {string.Join(", ", known)}");
        return false;
    }

    /// <summary>A text, its <c>${…}</c> replaced.</summary>
    private string? Value(YamlNode node)
    {
        if (node is not YamlScalarNode { Value: { Length: > 0 } text })
        {
            Fault(node, "expected a text");
            return null;
        }

        foreach (Match match in Variable().Matches(text))
        {
            var name = match.Groups["name"].Value;
            if (!_names.Values.TryGetValue(name, out var value))
            {
                Fault(node, $"${{{name}}} is not known; expected one of {string.Join(", ", _names.Values.Keys)}");
                return null;
            }

            text = text.Replace(match.Value, value, StringComparison.Ordinal);
        }

        return text;
    }

    private static string? Text(YamlNode node) => (node as YamlScalarNode)?.Value;

    private string Position(YamlNode node) => $"{_path}:{node.Start.Line}:{node.Start.Column}";

    private void Fault(YamlNode node, string message) => _faults.Add($"{Position(node)}: {message}");

    /// <summary>What a word of <c>do</c> is given. Where something is wrong the fault is noted, and what is returned is not used.</summary>
    private sealed class Arguments(ScheduleReader reader, YamlMappingNode map, YamlNode at)
    {
        public int Count(string key) => Find(map, key) is { } node ? reader.Count(node) ?? 1 : 1;

        public string Text(string key, Regex pattern, string expected)
        {
            if (Find(map, key) is { } node)
            {
                return reader.Name(node, pattern, expected) ?? string.Empty;
            }

            reader.Fault(at, $"the key '{key}' is missing; expected {expected}");
            return string.Empty;
        }

        public string Stack() => Text("stack", StackName(), "a stack's name");

        public string Function() => Text("function", AnyName(), "a function's name");

        public StackChange Change()
        {
            var change = new StackChange(Stack(), Texts("parameters"), Texts("tags"));
            if (change.Parameters.Count + change.Tags.Count == 0)
            {
                reader.Fault(at, "nothing is changed; expected parameters or tags");
            }

            return change;
        }

        public IReadOnlyDictionary<string, string> Variables()
        {
            var variables = Texts("variables");
            if (variables.Count == 0)
            {
                reader.Fault(at, "no variable is set; expected the key 'variables' with a mapping");
            }

            return variables;
        }

        public string? Folder(string key)
        {
            if (Find(map, key) is not { } node || reader.Value(node) is not { } folder)
            {
                return null;
            }

            var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(reader._path))!, folder));
            if (!Directory.Exists(path))
            {
                reader.Fault(node, $"there is no folder '{folder}' beside this file; expected one with deployer.yaml");
            }

            return path;
        }

        public IReadOnlyList<string> Steps(string key) =>
            Find(map, key) is not { } node
                ? []
                :
                [
                    .. reader
                        .Texts(node, "a step", AnyName())
                        .Where(step => reader.Known(step.Node, "step", step.Text, reader._names.Steps))
                        .Select(step => step.Text),
                ];

        public PersonAct Delay(Trigger? when)
        {
            if (when is not null and not Trigger.Request { Wait.Ticks: 0 })
            {
                reader.Fault(at, "there is no answer to delay; expected the trigger 'request' without 'wait'");
            }

            if (Find(map, "by") is not { } node)
            {
                reader.Fault(at, $"the key 'by' is missing; {ScheduleTime.Expected}");
                return new PersonAct.Delay(TimeSpan.Zero);
            }

            return new PersonAct.Delay(reader.Time(node) ?? TimeSpan.Zero);
        }

        public PersonAct Kill(Trigger? when)
        {
            if (Find(map, "function") is { } node)
            {
                var function = reader.Value(node);
                return function is not null && reader.Known(node, "function", function, reader._names.Functions)
                    ? new PersonAct.Kill(function)
                    : new PersonAct.Kill((string?)null);
            }

            if (when is not null and not Trigger.Request)
            {
                reader.Fault(at, "there is no invocation to kill; expected the trigger 'request', or the key 'function'");
            }

            return new PersonAct.Kill((string?)null);
        }

        private Dictionary<string, string> Texts(string key)
        {
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in Find(map, key) is { } node ? reader.Entries(node) : [])
            {
                if (reader.Value(name) is { } text && value is YamlScalarNode { Value: not null })
                {
                    // An empty value is one.
                    texts[text] = value is YamlScalarNode { Value: "" } ? string.Empty : reader.Value(value) ?? string.Empty;
                }
                else
                {
                    reader.Fault(value, "expected a text");
                }
            }

            return texts;
        }
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    // The first characters of the name of a role and of a session, with room for what is put before them.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9-]{0,31}\z", RegexOptions.None, 1000)]
    private static partial Regex PersonName();

    [GeneratedRegex(@"^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ActionName();

    [GeneratedRegex(@"^[a-z0-9-]+:[A-Z][A-Za-z0-9]+\z", RegexOptions.None, 1000)]
    private static partial Regex OperationName();

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    [GeneratedRegex(@"^[a-zA-Z][-a-zA-Z0-9]{0,127}\z", RegexOptions.None, 1000)]
    private static partial Regex StackName();

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
    [GeneratedRegex(@"^[a-zA-Z][-a-zA-Z0-9]{0,127}\z", RegexOptions.None, 1000)]
    private static partial Regex ChangeSetName();

    // https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
    [GeneratedRegex(@"^(?![0-9]+\z)[a-zA-Z0-9-_]{1,128}\z", RegexOptions.None, 1000)]
    private static partial Regex AliasName();

    [GeneratedRegex(@"^(\$LATEST|[0-9]{1,9})\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionName();

    [GeneratedRegex(@"^[A-Za-z0-9_.:/+@-]{1,256}\z", RegexOptions.None, 1000)]
    private static partial Regex AnyName();
}
