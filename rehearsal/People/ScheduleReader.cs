using System.Text.RegularExpressions;
using Deployer.Rehearsal.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.People;

/// <summary>Reads a schedule file. Everything that is wrong in it is reported at once, each with its position.</summary>
public sealed partial class ScheduleReader
{
    private const long LongestFile = 1 << 20;

    /// <summary>What is expected when a schedule holds nothing.</summary>
    private const string Contents = "expected the key 'schedule' with a list of who does what, and when";

    private readonly ScheduleNodes _nodes;
    private readonly TriggerReader _triggers;
    private readonly ActReader _acts;
    private readonly Func<ScheduledAct, IEnumerable<string>> _check;

    private ScheduleReader(ScheduleNodes nodes, Func<ScheduledAct, IEnumerable<string>> check)
    {
        _nodes = nodes;
        _check = check;
        _triggers = new TriggerReader(nodes);
        _acts = new ActReader(nodes);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">What it may name.</param>
    /// <param name="check">
    /// What else is wrong with something that somebody does, a line for each fault; it is reported with the others.
    /// </param>
    /// <exception cref="ScheduleException">It is missing or not as expected; the message has a line for each fault.</exception>
    public static Schedule Read(string path, ScheduleNames names, Func<ScheduledAct, IEnumerable<string>>? check = null)
    {
        if (Directory.Exists(path))
        {
            throw new ScheduleException($"{path}: it is a folder; expected a file");
        }

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

            return new ScheduleReader(new ScheduleNodes(path, names), check ?? (_ => [])).Read(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ScheduleException($"{path}: {exception.Message}", exception);
        }
    }

    private Schedule Read(string text)
    {
        IList<YamlDocument> documents;
        try
        {
            documents = YamlDocuments.Read(text);
        }
        catch (YamlException exception)
        {
            throw new ScheduleException(
                $"{_nodes.Path}:{exception.Start.Line}:{exception.Start.Column}: the YAML cannot be read: "
                    + $"{exception.Message.TrimEnd('.')}; expected valid YAML",
                exception
            );
        }

        if (documents.Count != 1)
        {
            throw new ScheduleException($"{_nodes.Path}:1:1: the file holds {documents.Count} documents; {Contents}");
        }

        var root = _nodes.Map(documents[0].RootNode, "file", Contents);
        var people = root is null ? [] : People(root);
        var acts = root is null ? [] : Acts(root, people);
        return _nodes.Faults.Count == 0
            ? new Schedule(_nodes.Path, people, acts)
            : throw new ScheduleException(string.Join('\n', _nodes.Faults));
    }

    private List<Person> People(YamlMappingNode root)
    {
        var people = new List<Person>();
        foreach (var (key, value) in ScheduleNodes.Find(root, "people") is { } found ? _nodes.Entries(found) : [])
        {
            if (PersonOf(key) is { } name)
            {
                var map = value is YamlScalarNode { Value: "" or null } ? null : _nodes.Map(value, "person", "expected the key 'may'");
                people.Add(new Person(name, map is not null && ScheduleNodes.Find(map, "may") is { } may ? Actions(may) : null));
            }
        }

        return people;
    }

    private List<string> Actions(YamlNode node) =>
        [.. _nodes.Texts(node, "an IAM action such as states:StopExecution", ActionName()).Select(action => action.Text)];

    private List<ScheduledAct> Acts(YamlMappingNode root, List<Person> people)
    {
        if (ScheduleNodes.Find(root, "schedule") is not { } list)
        {
            _nodes.Fault(root, $"the key 'schedule' is missing; {Contents}");
            return [];
        }

        if (list is not YamlSequenceNode { Children.Count: > 0 } sequence)
        {
            _nodes.Fault(list, "the schedule is empty; expected a list of who does what, and when");
            return [];
        }

        var declared = people.ConvertAll(person => person.Name);
        // Where people are listed nobody else acts; what is no name is refused where it stands, and offered nowhere.
        var acting = sequence
            .Children.OfType<YamlMappingNode>()
            .Select(act => ScheduleNodes.Find(act, "who"))
            .OfType<YamlScalarNode>()
            .Select(who => who.Value);
        _triggers.People =
        [
            .. (declared.Count > 0 ? declared : acting)
                .OfType<string>()
                .Where(name => PersonName().IsMatch(name) && !IsTaken(name))
                .Distinct(),
        ];
        var acts = sequence.Children.Select(node => Act(node, declared)).OfType<ScheduledAct>().ToList();
        people.AddRange(acts.Select(act => act.Who).Distinct().Except(declared).Select(name => new Person(name, null)));
        return acts;
    }

    private ScheduledAct? Act(YamlNode node, IReadOnlyList<string> people)
    {
        if (_nodes.Map(node, "act", "expected a mapping with 'when' and 'do'") is not { } map)
        {
            return null;
        }

        var who = ScheduleNodes.Find(map, "who") is { } named ? Who(named, people) : Schedule.Somebody;
        var when = _nodes.Required(map, "when") is { } trigger ? _triggers.Read(trigger) : null;
        var what = _nodes.Required(map, "do") is { } act ? _acts.Read(act, when) : null;
        if (who is null || when is null || what is null)
        {
            return null;
        }

        var scheduled = new ScheduledAct(who, when, what, _nodes.Position(node));
        foreach (var problem in _check(scheduled))
        {
            _nodes.Fault(node, problem);
        }

        return scheduled;
    }

    /// <summary>A person's name; <see langword="null"/>, with a fault, for anything else.</summary>
    private string? PersonOf(YamlNode node)
    {
        var name = _nodes.Name(node, PersonName(), "a name of letters, digits and dashes, at most 32");
        if (name is null || !IsTaken(name))
        {
            return name;
        }

        _nodes.Fault(
            node,
            $"'{name}' is what 'of' calls {(name == Trigger.Request.Builds ? "builds" : "a function")}; expected another name"
        );
        return null;
    }

    /// <summary>Whether a trigger's <c>of</c> calls something else so.</summary>
    private bool IsTaken(string name) =>
        name == Trigger.Request.Builds || _nodes.Names.Functions.Contains(name) || _nodes.Names.Absent.Contains(name);

    /// <summary>Where people are listed, a name that is not among them is a slip.</summary>
    private string? Who(YamlNode node, IReadOnlyList<string> people)
    {
        var name = PersonOf(node);
        if (name is null || people.Count == 0 || people.Contains(name))
        {
            return name;
        }

        _nodes.Fault(
            node,
            $"'{name}' is none of the people; expected one of {string.Join(", ", people)}, or no 'who', which is {Schedule.Somebody}"
        );
        return null;
    }

    // The first characters of the name of a role and of a session, with room for what is put before them.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9-]{0,31}\z", RegexOptions.None, 60_000)]
    private static partial Regex PersonName();

    [GeneratedRegex(@"^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)\z", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ActionName();
}
