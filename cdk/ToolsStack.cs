using Amazon.CDK.AWS.S3.Assets;
using Amazon.CDK.AWS.SAM;
using Constructs;
using YamlDotNet.RepresentationModel;

namespace Deployer.Cdk;

/// <summary>The deployer of a stage, in the tools account: <c>template.yaml</c>, its local paths as assets.</summary>
internal sealed class ToolsStack : IncludedStack
{
    private const string SourceFile = "template.yaml";

    /// <summary>The deployer of a stage.</summary>
    public ToolsStack(Construct scope, Configuration configuration, Stage stage)
        : base(scope, $"deployer-{stage.Name}", configuration.Tools, SourceFile, Parameters(configuration, stage), stage.DeployerParameters)
    {
        var code = new Asset(this, "Functions", new AssetProps { Path = FunctionsFolder(configuration.Functions) });
        foreach (var name in Resources("AWS::Serverless::Function"))
        {
            // Each function itself: what Globals say is understood by CloudFormation's transform only.
            var function = (CfnFunction)Template.GetResource(name);
            function.CodeUri = new CfnFunction.S3LocationProperty { Bucket = code.S3BucketName, Key = code.S3ObjectKey };
        }

        foreach (var name in Resources("AWS::Serverless::StateMachine"))
        {
            var machine = (CfnStateMachine)Template.GetResource(name);
            var path = Path.Combine(Product.Folder, (string)machine.DefinitionUri!);
            var definition = new Asset(this, $"{name}Definition", new AssetProps { Path = path });
            machine.DefinitionUri = new CfnStateMachine.S3LocationProperty
            {
                Bucket = definition.S3BucketName,
                Key = definition.S3ObjectKey,
            };
        }
    }

    private static Dictionary<string, object> Parameters(Configuration configuration, Stage stage)
    {
        var services = configuration.Services.Where(service => service.Targets.Any(target => target.Stage == stage.Name)).ToList();
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Stage"] = stage.Name,
            ["AllowedTargets"] = new[] { stage.Account },
            ["PromotesFrom"] = stage.PromotesFrom ?? string.Empty,
            ["Connections"] = Distinct(services.Select(service => service.Connection)),
            ["Repositories"] = Distinct(services.Select(service => service.Repository)),
            ["BuildRoles"] = "service",
        };
        if (stage.AlarmTopic is not null)
        {
            parameters["AlarmTopic"] = stage.AlarmTopic;
        }

        return parameters;
    }

    private static string[] Distinct(IEnumerable<string> values) => [.. values.Distinct(StringComparer.Ordinal)];

    /// <summary>A folder that holds the executable under the name that <c>provided.al2023</c> starts.</summary>
    private static string FunctionsFolder(string executable)
    {
        if (!File.Exists(executable))
        {
            throw new ConfigurationException($"there are no functions at {executable}; expected what build/native.sh makes");
        }

        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(executable)!, "bootstrap-asset")).FullName;
        File.Copy(executable, Path.Combine(folder, "bootstrap"), overwrite: true);
        return folder;
    }

    private static List<string> Resources(string type)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Product.Folder, SourceFile))));
        var resources = (YamlMappingNode)yaml.Documents[0].RootNode["Resources"];
        return [.. resources.Where(entry => (string?)entry.Value["Type"] == type).Select(entry => (string)entry.Key!)];
    }
}
