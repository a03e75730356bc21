using System.Reflection;
using System.Text.RegularExpressions;
using Amazon.Lambda.Annotations;
using Deployer.Functions.Accounts;
using YamlDotNet.RepresentationModel;

namespace Deployer.Functions.Tests.StateMachines;

/// <summary>Template, machine and code say the same.</summary>
public sealed partial class TemplateTests
{
    [Fact]
    public void Every_handler_is_a_function_of_the_template_under_its_name()
    {
        var handlers = typeof(Settings)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<LambdaFunctionAttribute>() is not null)
            .Select(method => $"{method.GetCustomAttribute<LambdaFunctionAttribute>()!.ResourceName}: {method.Name}")
            .Order();
        var functions = Product
            .Resources()
            .Where(resource => resource.Type == "AWS::Serverless::Function")
            .Select(resource => $"{resource.Id}: {resource.Properties["Environment"]["Variables"]["ANNOTATIONS_HANDLER"]}")
            .Order();

        functions.ShouldBe(handlers);
    }

    [Theory]
    [InlineData("DeployMachine", "deploy")]
    [InlineData("PlanMachine", "plan")]
    public void A_machine_gets_every_substitution_that_it_names_and_no_other(string id, string definition)
    {
        var machine = Product.Resources().Single(resource => resource.Id == id);
        var given = ((YamlMappingNode)machine.Properties["DefinitionSubstitutions"]).Children.Keys.Select(key => key.ToString());
        var named = Placeholder().Matches(Product.Machine(definition).ToJsonString()).Select(match => match.Groups[1].Value).Distinct();

        given.Order().ShouldBe(named.Order());
    }

    [Fact]
    public void No_statement_allows_every_action_or_a_whole_service()
    {
        var actions = Product
            .Resources()
            .SelectMany(Documents)
            .SelectMany(document => ((YamlSequenceNode)document["Statement"]).Children)
            .Select(statement => statement is YamlSequenceNode conditional ? conditional.Children[1] : statement)
            .SelectMany(statement =>
                statement["Action"] is YamlSequenceNode list
                    ? list.Children.Select(action => action.ToString())
                    : [statement["Action"].ToString()]
            )
            .ToList();

        actions.ShouldNotBeEmpty();
        actions.ShouldAllBe(action => !action.Contains('*'));
    }

    private static IEnumerable<YamlNode> Documents((string Id, string Type, YamlMappingNode Properties) resource) =>
        (resource.Type, resource.Properties.Children.ToDictionary().GetValueOrDefault(new YamlScalarNode("Policies"))) switch
        {
            ("AWS::IAM::ManagedPolicy", _) => [resource.Properties["PolicyDocument"]],
            ("AWS::IAM::Role", YamlSequenceNode policies) => policies.Children.Select(policy => policy["PolicyDocument"]),
            _ => [],
        };

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Placeholder();
}
