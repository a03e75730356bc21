namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateRulesTests
{
    // Where exactly broken JSON breaks is its reader's business.
    private static string Shortened(string fault) =>
        fault.StartsWith("ions/deps.edn:", StringComparison.Ordinal)
            ? "ions/deps.edn:1:1: " + fault[(fault.IndexOf(": ", StringComparison.Ordinal) + 2)..]
            : fault;

    private static IEnumerable<string> Faults(string network) =>
        SpecReader.Read(Inventory.Folder().With("stacks/network.yaml", network)).Faults.Select(fault => fault.ToString());

    [Theory]
    [InlineData("Parameters: { LoadBalancer: { Type: String } }\nResources: { A: { Type: X } }\nOutputs: { EndpointId: { Value: x } }")]
    [InlineData(
        "{ \"Parameters\": { \"LoadBalancer\": { \"Type\": \"String\" } }, \"Resources\": { \"A\": { \"Type\": "
            + "\"X\" } }, \"Outputs\": { \"EndpointId\": { \"Value\": \"x\" } } }"
    )]
    [InlineData(
        "Transform: AWS::Serverless-2016-10-31\nParameters: { LoadBalancer: { Type: String } }\nResources: { A: { "
            + "Type: X } }\nOutputs: { EndpointId: { Value: x } }"
    )]
    [InlineData("Transform: Macro\nParameters: { LoadBalancer: { Type: String } }\nResources: { A: { Type: X } }")]
    [InlineData(
        "{ \"Transform\": [\"AWS::LanguageExtensions\"], \"Parameters\": { \"LoadBalancer\": { \"Type\": \"String\" "
            + "} }, \"Resources\": { \"A\": { \"Type\": \"X\" } }, \"Outputs\": { \"Fn::ForEach::All\": "
            + "[\"N\", [\"a\"], { \"O${N}\": { \"Value\": \"x\" } }] } }"
    )]
    [InlineData(
        "{ \"Transform\": [{ \"Name\": \"AWS::Include\" }], \"Parameters\": { \"LoadBalancer\": { \"Type\": "
            + "\"String\" } }, \"Resources\": { \"A\": { \"Type\": \"X\" } } }"
    )]
    [InlineData(
        "Transform: AWS::LanguageExtensions\nParameters: { LoadBalancer: { Type: String } }\nResources: { A: { Type: X } }\n"
            + "Outputs: { \"Fn::ForEach::All\": [ N, [ a ], { \"O${N}\": { Value: x } } ] }"
    )]
    public void Templates_in_either_format_are_read(string network) => Faults(network).ShouldBeEmpty();

    [Theory]
    [InlineData(
        "Parameters: { LoadBalancr: { Type: String, Default: x } }\nResources: { A: { Type: X } }\nOutputs: { EndpointID: { Value: x } }",
        "deployer.yaml:22:33: the parameter \"LoadBalancer\" is not in stacks/network.yaml; expected one of "
            + "LoadBalancr (did you mean \"LoadBalancr\"?)",
        "deployer.yaml:29:15: the output in ${steps.network.outputs.EndpointId} is not in stacks/network.yaml; "
            + "expected one of EndpointID (did you mean \"EndpointID\"?)"
    )]
    [InlineData(
        "{ \"Resources\": { \"A\": { \"Type\": \"X\" } } }",
        "deployer.yaml:22:33: the parameter \"LoadBalancer\" is not in stacks/network.yaml; expected none, as there are none",
        "deployer.yaml:29:15: the output in ${steps.network.outputs.EndpointId} is not in stacks/network.yaml; "
            + "expected none, as there are none"
    )]
    [InlineData(
        "Parameters: { LoadBalancer: { Type: String } }\nOutputs: { EndpointId: { Value: x } }\nResources:\n  Old: "
            + "{ Type: AWS::Lambda::Function, Properties: { Runtime: python3.7 } }\n  New: { Type: "
            + "AWS::Lambda::Function, Properties: { Runtime: python3.13 } }",
        "stacks/network.yaml:4:62: the runtime of Old is python3.7; expected a runtime that Lambda has not retired"
    )]
    [InlineData(
        "Parameters: { LoadBalancer: { Type: String } }\nOutputs: { EndpointId: { Value: x } }\nTransform: "
            + "AWS::Serverless-2016-10-31\nGlobals: { Function: { Runtime: go1.x } }\nResources: { A: { Type: X } }",
        "stacks/network.yaml:4:33: the runtime of Globals is go1.x; expected a runtime that Lambda has not retired"
    )]
    [InlineData(
        "{ \"Parameters\": { \"LoadBalancer\": { \"Type\": \"String\" } }, \"Outputs\": { \"EndpointId\": { "
            + "\"Value\": \"x\" } }, \"Resources\": {\n \"Old\": { \"Type\": \"X\", \"Properties\": { \"Runtime\": \"nodejs14.x\" } } } }",
        "stacks/network.yaml:2:51: the runtime of Old is nodejs14.x; expected a runtime that Lambda has not retired"
    )]
    [InlineData(
        "Transform: AWS::LanguageExtensions\nParameters: { LoadBalancer: { Type: String } }\nResources: { A: { Type: X } }",
        "deployer.yaml:29:15: the output in ${steps.network.outputs.EndpointId} is not in stacks/network.yaml; "
            + "expected none, as there are none"
    )]
    [InlineData("Outputs: {}", "stacks/network.yaml:1:1: there are no Resources; expected a CloudFormation template with Resources")]
    [InlineData("{}", "stacks/network.yaml:1:1: there are no Resources; expected a CloudFormation template with Resources")]
    [InlineData(
        "{\n \"Resources\": ]",
        "stacks/network.yaml:2:15: the JSON cannot be read: it is not well-formed here; expected a CloudFormation template with Resources"
    )]
    [InlineData(
        "Resources: [",
        "stacks/network.yaml:2:1: the YAML cannot be read: While parsing a node, did not find expected node content; expected valid YAML"
    )]
    public void What_does_not_fit_is_a_fault(string network, params string[] faults) => Faults(network).ShouldBe(faults);

    [Theory]
    [InlineData(
        "Resources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: src } } }\nTransform: AWS::Serverless-2016-10-31",
        "stacks/api.yaml:1:75: CodeUri of F is \"src\", and there is no stacks/src; expected a path against the "
            + "template's folder, or an address"
    )]
    [InlineData(
        "Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: ../../src } } }",
        "stacks/api.yaml:1:68: Code of F is \"../../src\", which leaves the folder; expected a path within the "
            + "service's folder, or an address"
    )]
    [InlineData(
        "Resources: { S: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: api.yaml } } }",
        "stacks/api.yaml:1:80: the template \"stacks/api.yaml\" is nested in itself; expected templates without a cycle"
    )]
    [InlineData(
        "Resources: { S: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ../ions/deps.edn } } }",
        "ions/deps.edn:1:1: the JSON cannot be read: it is not well-formed here; expected a CloudFormation template with Resources"
    )]
    [InlineData(
        "Resources: { S: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: network.yaml, Parameters: { "
            + "LoadBalancer: x } } }, F: { Type: AWS::Lambda::Function, Properties: { Code: ../ions } } }"
    )]
    [InlineData(
        "Resources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: s3://bucket/key } }, G: { Type: "
            + "AWS::Lambda::Function, Properties: { Code: { ZipFile: x } } } }\nTransform: AWS::Serverless-2016-10-31"
    )]
    public void What_a_template_names_of_the_folder_has_to_be_there(string api, params string[] faults) =>
        SpecReader
            .Read(Inventory.Folder().With("stacks/api.yaml", api))
            .Faults.Select(fault => Shortened(fault.ToString()))
            .ShouldBe(faults);

    [Fact]
    public void A_template_larger_than_cloudformation_reads_is_a_fault() =>
        SpecReader
            .Read(Inventory.Folder().With("stacks/api.yaml", new byte[1_000_001]))
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("stacks/api.yaml:1:1: the file has 1000001 bytes; expected at most 1000000");
}
