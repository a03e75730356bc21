using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.Accounts;

/// <summary>What the accounts of a service hold before a rehearsal: <c>accounts/accounts.yaml</c> in its folder, for one target.</summary>
/// <param name="Folder">The folder of the file, against which templates are resolved.</param>
/// <param name="ToolsAccount">The account of pipelines and deployer.</param>
/// <param name="Region">The region of the tools account.</param>
/// <param name="Pipeline">The pipeline that a rehearsal starts.</param>
/// <param name="PublicBuckets">Folders that everyone can read as buckets of these names.</param>
/// <param name="Stacks">The stacks, in the order in which they are made.</param>
/// <param name="Ions">The ion revisions that run already.</param>
public sealed partial record AccountsFile(
    string Folder,
    string ToolsAccount,
    string Region,
    string Pipeline,
    IReadOnlyList<string> PublicBuckets,
    IReadOnlyList<AccountStack> Stacks,
    IReadOnlyList<AccountIons> Ions
)
{
    /// <summary>The file beside this one that says what custom resources answer; it need not be there.</summary>
    public const string CustomResourcesFile = "custom-resources.yaml";

    /// <summary>What the file is for, in words.</summary>
    public const string Purpose = "what the accounts hold before a rehearsal";

    /// <summary>What the file of custom resources is for, in words.</summary>
    public const string AnswersPurpose = "what custom resources answer";

    /// <summary>What custom resources answer.</summary>
    public CustomResourceAnswers CustomResources { get; init; } = CustomResourceAnswers.None;

    /// <summary>The entries of that file, each with its place.</summary>
    public IReadOnlyDictionary<string, AccountsFilePlace> CustomResourceEntries { get; init; } =
        new Dictionary<string, AccountsFilePlace>();

    private const string Import = "!ImportValue";

    /// <summary>The template name that stands for the deployer's own.</summary>
    public const string DeployerTemplate = "deployer";

    /// <summary>What the names begin with that stand for the deployer's templates for further accounts and services.</summary>
    public const string DeployerTemplates = "deployer/";

    /// <summary>Whether a template is one of the deployer's, rather than a file of the service.</summary>
    public static bool IsOfDeployer(string template) =>
        template == DeployerTemplate || template.StartsWith(DeployerTemplates, StringComparison.Ordinal);

    /// <summary>The file of a stack's template; it need not be there.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="deployer">Folder with the deployer's own templates.</param>
    public string TemplatePath(AccountStack stack, string deployer) =>
        stack.Template == DeployerTemplate ? Path.Combine(deployer, "template.yaml")
        : IsOfDeployer(stack.Template) ? Path.Combine(deployer, "templates", $"{stack.Template[DeployerTemplates.Length..]}.yaml")
        : Path.Combine(Folder, stack.Template);

    /// <summary>Reads the file for a target.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">The values of <c>${…}</c>: <c>target</c>, <c>stage</c>, <c>account</c> and the target's own.</param>
    /// <exception cref="AccountsFileException">The file is missing or not as expected; the message says where.</exception>
    public static AccountsFile Read(string path, IReadOnlyDictionary<string, string> values)
    {
        if (!File.Exists(path))
        {
            throw new AccountsFileException($"{path}: there is no such file; expected {Purpose}");
        }

        try
        {
            var document = new Reader(path, values);
            var root = document.Map(
                YamlDocuments.Read(File.ReadAllText(path)) is [var only]
                    ? only.RootNode
                    : throw new AccountsFileException($"{path}: expected one document")
            );
            var tools = document.Map(document.Required(root, "tools"));
            document = document.With("tools", document.Text(document.Required(tools, "account")));
            var (answers, entries) = ReadAnswers(Path.Combine(Path.GetDirectoryName(path)!, CustomResourcesFile), values);
            return new AccountsFile(
                Path.GetDirectoryName(Path.GetFullPath(path))!,
                document.Text(document.Required(tools, "account")),
                document.Text(document.Required(tools, "region")),
                document.Text(document.Required(root, "pipeline")),
                document.Optional(root, "templates") is { } templates ? [document.Text(templates)] : [],
                [.. document.List(document.Required(root, "stacks")).Select(document.Stack)],
                document.Optional(root, "ions") is { } ions ? [.. document.List(ions).Select(document.Release)] : []
            )
            {
                CustomResources = answers,
                CustomResourceEntries = entries,
            };
        }
        catch (YamlException exception)
        {
            throw Unreadable(path, exception);
        }
    }

    private static (CustomResourceAnswers Answers, IReadOnlyDictionary<string, AccountsFilePlace> Entries) ReadAnswers(
        string path,
        IReadOnlyDictionary<string, string> values
    )
    {
        if (!File.Exists(path))
        {
            return (CustomResourceAnswers.None, new Dictionary<string, AccountsFilePlace>());
        }

        try
        {
            if (YamlDocuments.Read(File.ReadAllText(path)) is not [var document, ..])
            {
                return (CustomResourceAnswers.None, new Dictionary<string, AccountsFilePlace>());
            }

            var reader = new Reader(path, values);
            return (
                new CustomResourceAnswers(reader.Answers(document.RootNode)),
                reader.Named(document.RootNode, (key, _) => PlaceOf(path, key.Start))
            );
        }
        catch (YamlException exception)
        {
            throw Unreadable(path, exception);
        }
    }

    private static AccountsFileException Unreadable(string path, YamlException exception) =>
        new(PlaceOf(path, exception.Start), $"the YAML cannot be read: {exception.Message.TrimEnd('.')}", "valid YAML", exception);

    private sealed class Reader(string path, IReadOnlyDictionary<string, string> values)
    {
        public Reader With(string name, string value) => new(path, new Dictionary<string, string>(values) { [name] = value });

        public YamlMappingNode Map(YamlNode node) => node as YamlMappingNode ?? throw Fault(node, "expected a mapping");

        public IEnumerable<YamlNode> List(YamlNode node) => (node as YamlSequenceNode ?? throw Fault(node, "expected a list")).Children;

        public YamlNode? Optional(YamlMappingNode map, string key) =>
            map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

        public YamlNode Required(YamlMappingNode map, string key) => Optional(map, key) ?? throw Fault(map, $"expected the key '{key}'");

        public string Text(YamlNode node)
        {
            var text = (node as YamlScalarNode)?.Value ?? throw Fault(node, "expected a text");
            return Variable()
                .Replace(
                    text,
                    match =>
                        values.TryGetValue(match.Groups["name"].Value, out var value)
                            ? value
                            : throw Fault(
                                node,
                                $"${{{match.Groups["name"].Value}}} is not known",
                                $"one of {string.Join(", ", values.Keys)}"
                            )
                );
        }

        public AccountStack Stack(YamlNode node)
        {
            var map = Map(node);
            var account = Text(Required(map, "account"));
            return new AccountStack(
                account is "tools" or "target" ? account == "tools" : throw Fault(node, $"account '{account}'", "tools or target"),
                Text(Required(map, "stack")),
                Text(Required(map, "template")),
                Optional(map, "parameters") is { } parameters ? Texts(parameters) : new Dictionary<string, string>()
            )
            {
                Imported = Optional(map, "parameters") is { } given
                    ? [.. Map(given).Children.Where(pair => pair.Value.Tag == Import).Select(pair => Text(pair.Key))]
                    : [],
            };
        }

        public AccountIons Release(YamlNode node)
        {
            var map = Map(node);
            return new AccountIons(
                Text(Required(map, "group")),
                Text(Required(map, "application")),
                Text(Required(map, "revision")),
                Optional(map, "lambdas") is { } lambdas
                    ? Named(lambdas, (_, lambda) => Texts(lambda))
                    : new Dictionary<string, IReadOnlyDictionary<string, string>>()
            );
        }

        public IReadOnlyDictionary<string, CustomResourceAnswer> Answers(YamlNode node) =>
            Named(
                node,
                (_, value) =>
                {
                    var map = Map(value);
                    return map.Children.Keys.FirstOrDefault(key => Text(key) is not ("physicalId" or "outputs")) is { } other
                        ? throw Fault(other, $"unknown key '{Text(other)}'", "physicalId or outputs")
                        : new CustomResourceAnswer(
                            Optional(map, "physicalId") is { } id ? Text(id) : null,
                            Optional(map, "outputs") is { } outputs
                                ? Named(outputs, (_, output) => Value(output))
                                : new Dictionary<string, JsonNode>()
                        );
                }
            );

        /// <summary>A mapping by the texts of its keys, which variables may have made equal.</summary>
        public Dictionary<string, T> Named<T>(YamlNode node, Func<YamlNode, YamlNode, T> value)
        {
            var named = new Dictionary<string, T>();
            foreach (var (key, given) in Map(node).Children)
            {
                if (!named.TryAdd(Text(key), value(key, given)))
                {
                    throw Fault(key, $"the key '{Text(key)}' is there already", "each key once");
                }
            }

            return named;
        }

        private JsonNode Value(YamlNode node) =>
            node is YamlSequenceNode list ? new JsonArray([.. list.Children.Select(item => (JsonNode)Text(item))]) : Text(node);

        private IReadOnlyDictionary<string, string> Texts(YamlNode node) => Named(node, (_, value) => Text(value));

        private AccountsFileException Fault(YamlNode node, string problem, string? expected = null) =>
            new(PlaceOf(path, node.Start), problem, expected);
    }

    private static AccountsFilePlace PlaceOf(string path, Mark mark) => new(path, (int)mark.Line, (int)mark.Column);

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.None, 60_000)]
    private static partial Regex Variable();
}

/// <summary>A stack that an account holds.</summary>
/// <param name="InTools">Whether it is in the tools account; else in the target's.</param>
/// <param name="Name">The stack's name.</param>
/// <param name="Template">A file beside the accounts file, or <see cref="AccountsFile.DeployerTemplate"/>.</param>
/// <param name="Parameters">The stack's parameters.</param>
public sealed record AccountStack(bool InTools, string Name, string Template, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>
    /// The parameters that have the name of an export of the account as their value, <c>!ImportValue NAME</c>, and get what it exports.
    /// </summary>
    public IReadOnlyList<string> Imported { get; init; } = [];
}

/// <summary>An ion revision that a group runs.</summary>
/// <param name="Group">The compute group.</param>
/// <param name="Application">The CodeDeploy application.</param>
/// <param name="Revision">The revision's name.</param>
/// <param name="Lambdas">Its Lambdas by name, with the keys of <c>ion-config.edn</c>.</param>
public sealed record AccountIons(
    string Group,
    string Application,
    string Revision,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Lambdas
);

/// <summary>The accounts file, or one beside it, is not as expected.</summary>
public sealed class AccountsFileException : Exception
{
    /// <summary>What is wrong with the accounts as a whole.</summary>
    public AccountsFileException(string message, Exception? inner = null)
        : base(message, inner) => Problem = message;

    /// <summary>What is wrong at a place of a file.</summary>
    /// <param name="place">The place.</param>
    /// <param name="problem">What is wrong there.</param>
    /// <param name="expected">What would be right; <see langword="null"/> where the problem says it.</param>
    /// <param name="inner">What it was found by.</param>
    public AccountsFileException(AccountsFilePlace place, string problem, string? expected = null, Exception? inner = null)
        : base(
            $"{place.File}:{place.Line}:{place.Column}: {problem}{(expected is null ? string.Empty : $"; expected {expected}")}",
            inner
        ) => (Place, Problem, Expected) = (place, problem, expected);

    /// <summary>Where it is; <see langword="null"/> for what has no place in a file.</summary>
    public AccountsFilePlace? Place { get; }

    /// <summary>What is wrong, without its place.</summary>
    public string Problem { get; }

    /// <summary>What would be right; <see langword="null"/> where the problem says it.</summary>
    public string? Expected { get; }
}

/// <summary>A place in the accounts file, or in one beside it.</summary>
/// <param name="File">The file's path, as it was read.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record AccountsFilePlace(string File, int Line, int Column);
